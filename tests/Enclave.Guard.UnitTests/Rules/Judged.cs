using Enclave.Guard.Options;
using Enclave.Guard.Presets;
using Enclave.Guard.Rules;
using Enclave.JavaScript;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Scopes;

namespace Enclave.Guard.Tests.Rules;

/// <summary>Scripts and the validator's verdicts on them.</summary>
internal static class Judged
{
    public static ImmutableArray<GuardIssue> Issues(string code, GuardLevel level = GuardLevel.Standard, GuardPreset preset = GuardPreset.AgentScript) =>
        Issues(code, GuardPolicies.For(preset, level));

    public static ImmutableArray<GuardIssue> Issues(string code, GuardOptions options, GuardPreset preset = GuardPreset.AgentScript) =>
        Issues(code, GuardPolicies.For(preset, GuardLevel.Standard, options));

    public static ImmutableArray<GuardIssue> Issues(string code, GuardPolicy policy)
    {
        ParseResult parsed = Parser.Parse(code, policy.Parsing with { Language = SourceLanguage.Either });
        return parsed.Success
            ? Validator.Judge(code, parsed.Program, ScopeAnalysis.Analyze(parsed.Program), policy)
            : Validator.Unparsable(code, parsed, policy);
    }

    /// <summary>The codes of the errors, each once.</summary>
    public static string[] Errors(this IEnumerable<GuardIssue> issues) =>
        [.. issues.Where((issue) => issue.Severity == IssueSeverity.Error).Select((issue) => issue.Code).Distinct()];

    public static string Show(this IEnumerable<GuardIssue> issues) =>
        string.Join("; ", issues.Select((issue) => $"{issue.Severity} {issue.Code} {issue.Location?.Line}:{issue.Location?.Column} {issue.Message}"));
}
