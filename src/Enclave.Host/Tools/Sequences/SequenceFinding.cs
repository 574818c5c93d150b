namespace Enclave.Tools.Sequences;

/// <summary>A call that the policy refuses: by which rule, and why in words.</summary>
internal sealed record SequenceFinding(string Rule, string Why);
