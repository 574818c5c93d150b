using Enclave.Guard.Options;
using Enclave.Guard.Presets;
using Enclave.Guard.Rules;

namespace Enclave.Guard.Tests.Rules;

/// <summary>Scripts and the validator's verdicts on them.</summary>
internal static class Judged
{
    public static ImmutableArray<GuardIssue> Issues(string code, GuardLevel level = GuardLevel.Standard, GuardPreset preset = GuardPreset.AgentScript) =>
        Validator.Validate(code, GuardPolicies.For(preset, level)).Issues;

    public static ImmutableArray<GuardIssue> Issues(string code, GuardOptions options, GuardPreset preset = GuardPreset.AgentScript) =>
        Validator.Validate(code, GuardPolicies.For(preset, GuardLevel.Standard, options)).Issues;

    /// <summary>The codes of the errors, each once.</summary>
    public static string[] Errors(this IEnumerable<GuardIssue> issues) =>
        [.. issues.Where((issue) => issue.Severity == IssueSeverity.Error).Select((issue) => issue.Code).Distinct()];

    public static string Show(this IEnumerable<GuardIssue> issues) =>
        string.Join("; ", issues.Select((issue) => $"{issue.Severity} {issue.Code} {issue.Location?.Line}:{issue.Location?.Column} {issue.Message}"));
}
