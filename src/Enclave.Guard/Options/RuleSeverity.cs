namespace Enclave.Guard.Options;

/// <summary>The severity that a policy sets for a rule, in place of the rule's own.</summary>
/// <remarks>A class instead of an enumeration: .NET ships compiled code for dictionaries of objects, and a host builds these at start.</remarks>
internal sealed record RuleSeverity(string Rule, IssueSeverity Severity);
