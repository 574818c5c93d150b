namespace Enclave.Outcomes;

/// <summary>A text that may contain lone surrogates, which a plain JSON string would lose.</summary>
internal sealed record RecordedText(string Text);
