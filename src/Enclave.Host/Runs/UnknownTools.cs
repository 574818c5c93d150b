using System.Collections.Immutable;
using Enclave.Guard;
using Enclave.Guard.Issues;

namespace Enclave.Runs;

/// <summary>Calls through namespaces of tools that there are not: known before the script runs.</summary>
internal static class UnknownTools
{
    /// <summary>What stands against the script; null if every tool is there.</summary>
    /// <param name="script">The script.</param>
    /// <param name="whyNot">Why there is no tool of a name; null where there is one.</param>
    public static GuardVerdict? Find(GuardedScript script, Func<string, string?> whyNot)
    {
        if (script.NamespaceCalls.Length == 0) return null;
        var places = new SourcePlaces(script.Source);
        ImmutableArray<GuardIssue> issues =
        [
            .. script.NamespaceCalls.Select((call) => (Call: call, Why: whyNot(call.Tool))).Where((call) => call.Why is not null)
                .Select((call) => new GuardIssue("tool-namespaces", "UNKNOWN_TOOL", $"{char.ToUpperInvariant(call.Why![0])}{call.Why[1..]}", IssueSeverity.Error) { Location = places.Of(call.Call.Place) }),
        ];
        return issues.Length == 0 ? null : new GuardVerdict(null, issues);
    }
}
