namespace Enclave.Tools.Sequences;

/// <summary>A call that the policy refuses, with the rule and the reason.</summary>
internal sealed record SequenceFinding(string Rule, string Why);
