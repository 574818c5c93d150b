namespace Enclave.Guard.Rules;

/// <summary>A rule in words, for documents and for whoever configures it.</summary>
/// <param name="Name">Its name, as in <c>no-eval</c>.</param>
/// <param name="Codes">What it reports.</param>
/// <param name="Text">What it refuses, in one sentence.</param>
/// <param name="Hint">What to write instead, where one sentence serves all its codes.</param>
internal sealed record RuleDescription(string Name, ImmutableArray<RuleCode> Codes, string Text, string Hint);

/// <summary>A code, and how bad it is unless a policy says otherwise.</summary>
internal sealed record RuleCode(string Code, IssueSeverity Severity = IssueSeverity.Error);
