using System.Collections.Immutable;
using Enclave.Guard;
using Enclave.Guard.Issues;
using Enclave.Guard.Transforms;
using Enclave.JavaScript.Text;

namespace Enclave.Runs;

/// <summary>Finds calls of unknown tools through namespaces, before the script runs.</summary>
internal static class UnknownTools
{
    /// <summary>As many issues as the guard's rules report.</summary>
    private const int MaxIssues = 100;

    /// <summary>The calls of unknown tools, up to <see cref="MaxIssues"/>.</summary>
    /// <param name="script">The script.</param>
    /// <param name="whyNot">Returns the reason why a run has no tool of a name; null if it has one.</param>
    /// <param name="meter">Bounds the work.</param>
    public static ImmutableArray<GuardIssue> Find(GuardedScript script, Func<string, WorkMeter, string?> whyNot, WorkMeter meter)
    {
        ImmutableArray<GuardIssue>.Builder issues = ImmutableArray.CreateBuilder<GuardIssue>();
        var reasons = new Dictionary<string, string?>(StringComparer.Ordinal);
        SourcePlaces? places = null;
        foreach (NamespaceCall call in script.NamespaceCalls)
        {
            meter.Step();
            if (!reasons.TryGetValue(call.Tool, out string? why)) reasons.Add(call.Tool, why = whyNot(call.Tool, meter));
            if (why is null) continue;
            places ??= new SourcePlaces(script.Source);
            issues.Add(new GuardIssue("tool-namespaces", "UNKNOWN_TOOL", $"{char.ToUpperInvariant(why[0])}{why[1..]}", IssueSeverity.Error)
            {
                Location = places.Of(call.Place),
            });
            if (issues.Count == MaxIssues) break;
        }

        // A search that looked at few names reads no clock and no token.
        meter.CheckLimits();
        return issues.ToImmutable();
    }
}
