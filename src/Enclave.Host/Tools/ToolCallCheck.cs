using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Enclave.Guard;
using Enclave.Guard.Issues;
using Enclave.Guard.Rules;
using Enclave.JavaScript.Text;
using Enclave.Schemas.Calls;

namespace Enclave.Tools;

/// <summary>Compares the calls of accepted scripts with the schemas of the tools that a run has, before it runs.</summary>
/// <param name="registry">The host's tools.</param>
/// <param name="settings">The guard's settings: severities of rules.</param>
internal sealed class ToolCallCheck(ToolRegistry registry, GuardSettings settings)
{
    private const int MaxIssues = 100, MaxKeptIssues = 16;

    // A script that runs again has the same tools nearly always.
    private readonly ConditionalWeakTable<GuardedScript, CheckedScript> _checked = [];

    /// <summary>The verdict with the issues of the calls.</summary>
    /// <param name="verdict">The verdict on an accepted script.</param>
    /// <param name="run">The options of the run, with its own tools and its tenant.</param>
    /// <param name="doubts">Why the run's calls or answers may differ from the text and the schemas.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="OperationCanceledException">The token is cancelled.</exception>
    public ValidationResult Compare(ValidationResult verdict, RunOptions? run, CallDoubts doubts, CancellationToken cancellationToken)
    {
        GuardedScript script = verdict.Script!;
        if ((script.Tools.IsEmpty && !script.MayLose) || settings.Checks == StaticChecks.Off) return verdict;
        if (_checked.TryGetValue(script, out CheckedScript? known) && known.Doubts == doubts && HasTools(known, script, run)) return known.Verdict;
        ToolDefinition?[] tools = [.. script.Tools.Select((name) => registry.Open(run, name))];
        ImmutableArray<GuardIssue> issues = Find(script, tools, registry.WhyNot(run), doubts, cancellationToken);
        ValidationResult compared = issues.IsEmpty ? verdict : With(verdict, issues);
        // Hints with similar names depend on all tools, so they are not kept. The kept issues do not count in the guard's cache, so only a few are kept.
        if (issues.Length <= MaxKeptIssues && issues.All((issue) => issue.Rule != ToolCallRules.Names.Name))
            _checked.AddOrUpdate(script, new CheckedScript(tools, doubts, compared));
        return compared;
    }

    private bool HasTools(CheckedScript known, GuardedScript script, RunOptions? run)
    {
        for (int i = 0; i < known.Tools.Length; i++)
        {
            if (!ReferenceEquals(known.Tools[i], registry.Open(run, script.Tools[i]))) return false;
        }

        return true;
    }

    private ImmutableArray<GuardIssue> Find(
        GuardedScript script, ToolDefinition?[] tools, Func<string, WorkMeter, string?> whyNot, CallDoubts doubts, CancellationToken cancellationToken)
    {
        var budget = new CheckBudget(cancellationToken);
        ICalledTool? Named(string name) => script.Tools.IndexOf(name) is >= 0 and var at ? tools[at] : null;
        List<CallFinding> found = CallWalk.Find(script.Program, script.TakeScopes(), Named, whyNot, budget);
        if (found.Count == 0) return [];
        var places = new SourcePlaces(script.Source);
        return [.. found.Select((finding) => IssueOf(finding, doubts, places)).OfType<GuardIssue>().DistinctBy((issue) => (issue.Location, issue.Message))
            .OrderBy((issue) => issue.Severity).Take(MaxIssues).OrderBy((issue) => issue.Location!.Value.Offset)];
    }

    private GuardIssue? IssueOf(CallFinding finding, CallDoubts doubts, SourcePlaces places)
    {
        bool isAnswer = finding.Rule == ToolCallRules.Answers;
        bool isOfSchema = finding.Code == ToolCallRules.UnknownMember || finding.Code == ToolCallRules.NeverEqual;
        if (isOfSchema && doubts.HasFlag(CallDoubts.Answers)) return null;
        IssueSeverity severity = isAnswer || !finding.IsSure || doubts.HasFlag(CallDoubts.Arguments) ? IssueSeverity.Warning : IssueSeverity.Error;
        if (settings.Options.Rules.TryGetValue(finding.Rule.Name, out IssueSeverity? own))
        {
            if (own is null) return null;
            severity = own.Value;
        }

        // The answer may have the member. The issue is reported only if the run ends as if the answer had not.
        if (finding.IsDoubtful) severity = IssueSeverity.Info;

        return new GuardIssue(finding.Rule.Name, finding.Code.Code, finding.Text, severity) { Location = places.Of(finding.Place), Hint = finding.Hint };
    }

    private static ValidationResult With(ValidationResult verdict, ImmutableArray<GuardIssue> issues)
    {
        bool isRefused = issues.Any((issue) => issue.Severity == IssueSeverity.Error);
        ImmutableArray<GuardIssue> all = [.. verdict.Issues.Concat(issues).OrderBy((issue) => issue.Location?.Offset ?? int.MaxValue)];
        return new ValidationResult(!isRefused, all) { Script = isRefused ? null : verdict.Script };
    }

    private sealed record CheckedScript(ToolDefinition?[] Tools, CallDoubts Doubts, ValidationResult Verdict);
}

/// <summary>Why the calls or answers of a run may differ from its text and the schemas.</summary>
[Flags]
internal enum CallDoubts
{
    None = 0,

    /// <summary>Calls may be answered elsewhere, or with other arguments: a call that does not fit may succeed.</summary>
    Arguments = 1,

    /// <summary>Answers may be replaced by references.</summary>
    Answers = 2,
}
