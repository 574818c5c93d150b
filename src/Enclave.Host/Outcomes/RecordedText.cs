namespace Enclave.Outcomes;

/// <summary>A text that may hold lone surrogates, which a JSON string of its own would lose.</summary>
internal sealed record RecordedText(string Text);
