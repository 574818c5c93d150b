namespace Enclave.Guard.Options;

/// <summary>How grave what a rule finds is, in place of its own judgement.</summary>
/// <remarks>An object where an enumeration would do: dictionaries of objects lie compiled in .NET, and a host makes these at its start.</remarks>
internal sealed record RuleSeverity(string Rule, IssueSeverity Severity);
