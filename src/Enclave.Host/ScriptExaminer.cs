using Enclave.Guard;
using Enclave.Guard.Rules;
using Enclave.Guard.Transforms;
using Enclave.Limits;
using Enclave.Runs;
using Enclave.Tools;

namespace Enclave;

/// <summary>The guard's judgement of scripts, with the tools that a run has.</summary>
/// <param name="rules">The guard and the check of calls, by the rules of a run.</param>
/// <param name="tools">The host's tools.</param>
/// <param name="value">The tools as a value.</param>
internal sealed class ScriptExaminer(HostRules rules, HostTools tools, ToolsValue value)
{
    /// <summary>Judges a script without running it.</summary>
    public ValidationResult Validate(string code, IReadOnlyCollection<string> globals, RunOptions? run)
    {
        ScriptGuard guard = rules.Of(run).Guard;
        ValidationResult verdict = Known(guard.Validate(code, globals, run?.Tenant, ScriptLanguages.Of(run)), run);
        // Its tree is needed to look at its calls.
        if (verdict.Valid && tools.Registry.HasTools(run))
            verdict = WithCalls(guard.Examine(code, globals, run?.Tenant, ScriptLanguages.Of(run)), run, CallDoubts.None, CancellationToken.None);
        // Issues that only a run can confirm are not reported before a run.
        return new ValidationResult(verdict.Valid, [.. verdict.Issues.Where((issue) => !RunWarnings.IsDoubtful(issue))]);
    }

    /// <summary>The guard of a run's rules.</summary>
    public ScriptGuard GuardOf(RunOptions? run) => rules.Of(run).Guard;

    /// <exception cref="OperationCanceledException">The token is cancelled.</exception>
    public ValidationResult Examine(RequestedRun asked, CancellationToken cancellationToken)
    {
        ValidationResult verdict = Known(
            rules.Of(asked.Options).Guard.Examine(
                asked.Code, asked.GlobalNames, asked.Options?.Tenant, ScriptLanguages.Of(asked.Options), cancellationToken),
            asked.Options);
        if (!verdict.IsAccepted) return verdict with { AcceptedBy = AcceptedBy(asked, cancellationToken) };
        // If calls are answered elsewhere, their tools are known there.
        if (asked.Hooks.Tools is not null || asked.Determinism?.Answers is not null || asked.Options?.Session is { OutsideTools.Count: > 0 }) return verdict;
        // A run that continues after a wait made its first calls earlier, when it may have had other tools.
        return WithCalls(verdict, asked.Options, asked.Determinism is null ? CallDoubts.None : CallDoubts.Arguments, cancellationToken);
    }

    /// <summary>The verdict without what the guard cannot know: that <c>tools</c> is there as a value, and that each run can sleep.</summary>
    private ValidationResult Known(ValidationResult verdict, RunOptions? run)
    {
        bool hasTools = verdict.Issues.Any((issue) => IsUnknown(issue, ToolNamespaces.Root)) && value.IsFor(run);
        bool IsKnown(GuardIssue issue) => (hasTools && IsUnknown(issue, ToolNamespaces.Root)) || IsUnknown(issue, RunGlobals.Sleep);
        return verdict.Issues.Any(IsKnown) ? verdict with { Issues = [.. verdict.Issues.Where((issue) => !IsKnown(issue))] } : verdict;
    }

    private static bool IsUnknown(GuardIssue issue, string name) =>
        issue.Rule == UnknownGlobalRule.Description.Name && issue.Severity != IssueSeverity.Error && issue.Data.GetValueOrDefault("identifier") is string found
        && found == name;

    /// <summary>The rules that accept what only the documented dialect refuses.</summary>
    private GuardPreset? AcceptedBy(RequestedRun asked, CancellationToken cancellationToken)
    {
        if (rules.PresetOf(asked.Options) != GuardPreset.AgentScript) return null;
        RunOptions whole = (asked.Options ?? new RunOptions()) with { Preset = GuardPreset.JavaScript };
        // This program does not run, so it is judged only, and not transformed.
        ValidationResult verdict = rules.Of(whole).Guard.Validate(
            asked.Code, asked.GlobalNames, whole.Tenant, ScriptLanguages.Of(whole), cancellationToken);
        return verdict.Valid ? GuardPreset.JavaScript : null;
    }

    private ValidationResult WithCalls(ValidationResult verdict, RunOptions? run, CallDoubts doubts, CancellationToken cancellationToken)
    {
        // A script that names tools is compared with the tools of the run. A script without tools may still lose promises.
        if (!verdict.IsAccepted || (verdict.Script.Tools.IsEmpty ? !verdict.Script.MayLose : !tools.Registry.HasTools(run))) return verdict;
        // The operator's policy may change a call, and a sidecar an answer.
        if (tools.Outer is not null) doubts |= CallDoubts.Arguments;
        if (tools.Sidecar is not null) doubts |= CallDoubts.Answers;
        return rules.Of(run).Calls.Compare(verdict, run, doubts, cancellationToken);
    }
}
