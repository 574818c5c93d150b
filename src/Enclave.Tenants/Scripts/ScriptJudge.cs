using Enclave.Guard;
using Enclave.Guard.Rules;
using Enclave.Protocol;

namespace Enclave.Tenants.Scripts;

/// <summary>Judges scripts as a run of their tenant would be judged: by the policy's rules, and with the tools that the run would get.</summary>
/// <param name="host">The host of the runs.</param>
internal sealed class ScriptJudge(IEnclave host)
{
    /// <summary>Judges a script.</summary>
    /// <param name="code">The script.</param>
    /// <param name="language">Its language.</param>
    /// <param name="tenant">Its tenant; null for a shared one.</param>
    /// <param name="run">The options that its runs have, with their own tools; null for none.</param>
    public ValidationResult Judge(string code, ScriptLanguage language, string? tenant, RunOptions? run)
    {
        RunOptions options = (run ?? new RunOptions()) with { Tenant = tenant ?? run?.Tenant, Language = language, IsJudged = true };
        options = options with { Globals = WithArguments(options.Globals, ScriptValue.Null) };
        return host.Validate(code, host.Parts?.Pipeline.Gated?.Narrow(options) ?? options);
    }

    /// <summary>The issues for which runs of an accepted script can fail: errors, and calls that do not fit the tools.</summary>
    public static IReadOnlyList<GuardIssue> Breaks(ValidationResult verdict) =>
        [.. verdict.Issues.Where((issue) => issue.Severity == IssueSeverity.Error || ToolCallRules.Has(issue.Rule))];

    /// <summary>The globals of a run with its arguments.</summary>
    public static Dictionary<string, object?> WithArguments(IReadOnlyDictionary<string, object?>? globals, ScriptValue arguments) =>
        new(globals ?? new Dictionary<string, object?>(), StringComparer.Ordinal) { ["args"] = arguments };
}
