namespace Enclave.Guard.Rules;

/// <summary>The description of a rule, for the documentation and for hosts that configure it.</summary>
/// <param name="Name">Its name, as in <c>no-eval</c>.</param>
/// <param name="Codes">The codes that it reports.</param>
/// <param name="Text">The code that it refuses, in one sentence.</param>
/// <param name="Hint">The replacement to write, if one sentence serves all its codes.</param>
internal sealed record RuleDescription(string Name, ImmutableArray<RuleCode> Codes, string Text, string Hint);

/// <summary>A code and its severity, which a policy may change.</summary>
internal sealed record RuleCode(string Code, IssueSeverity Severity = IssueSeverity.Error);
