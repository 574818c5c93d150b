using System.Collections.Immutable;
using Enclave.Guard;
using Enclave.Guard.Issues;

namespace Enclave.Runs;

/// <summary>Finds calls of unknown tools through namespaces, before the script runs.</summary>
internal static class UnknownTools
{
    /// <summary>Refuses a script that calls unknown tools; null if all tools are known.</summary>
    /// <param name="script">The script.</param>
    /// <param name="run">The run's own options; null for none.</param>
    /// <param name="whyNot">Returns the reason why a run has no tool of a name; null if it has one.</param>
    public static GuardVerdict? Find(GuardedScript script, RunOptions? run, Func<string, RunOptions?, string?> whyNot)
    {
        var places = new SourcePlaces(script.Source);
        ImmutableArray<GuardIssue> issues =
        [
            .. script.NamespaceCalls.Select((call) => (Call: call, Why: whyNot(call.Tool, run))).Where((call) => call.Why is not null)
                .Select((call) => new GuardIssue("tool-namespaces", "UNKNOWN_TOOL", $"{char.ToUpperInvariant(call.Why![0])}{call.Why[1..]}",
                    IssueSeverity.Error) { Location = places.Of(call.Call.Place) }),
        ];
        return issues.Length == 0 ? null : new GuardVerdict(null, issues);
    }
}
