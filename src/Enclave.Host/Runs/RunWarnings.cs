using System.Collections.Immutable;
using Enclave.Guard;
using Enclave.Guard.Rules;
using Enclave.Protocol;

namespace Enclave.Runs;

/// <summary>The warnings of a result: those of the guard, and those that the end of the run has confirmed.</summary>
internal static class RunWarnings
{
    /// <summary>Values that are looked at.</summary>
    private const int MaxValues = 10_000;

    private static readonly GuardIssue s_masked = new(
        ToolCallRules.Answers.Name, ToolCallRules.MaskedSecret.Code, "*** in an answer stands for a secret that scripts may not see", IssueSeverity.Warning)
    {
        Hint = "Leave it out: whatever is made of *** is useless. The tool's server adds the secret itself.",
    };

    /// <summary>True for issues of the guard that a run keeps until it ends.</summary>
    public static bool IsKept(GuardIssue issue) => issue.Severity == IssueSeverity.Warning || IsDoubtful(issue);

    /// <summary>True for members that an answer may have although its schema does not name them.</summary>
    public static bool IsDoubtful(GuardIssue issue) => issue.Severity == IssueSeverity.Info && issue.Rule == ToolCallRules.Answers.Name;

    /// <summary>The warnings of a result.</summary>
    /// <param name="kept">The issues that the run has kept.</param>
    /// <param name="isMasked">True if a secret was masked in an answer of a tool.</param>
    /// <param name="result">The result.</param>
    public static ImmutableArray<GuardIssue> Of(ImmutableArray<GuardIssue> kept, bool isMasked, ExecutionResult result)
    {
        bool isLost = kept.Any((issue) => issue.Severity == IssueSeverity.Info) && LooksLost(result);
        ImmutableArray<GuardIssue> told = [.. kept.Where((issue) => issue.Severity == IssueSeverity.Warning || isLost)
            .Select((issue) => issue.Severity == IssueSeverity.Warning ? issue : issue with { Severity = IssueSeverity.Warning })];
        return isMasked ? told.Add(s_masked) : told;
    }

    /// <summary>True if a missing member may have caused the end of a run: the value is missing or NaN, or the error is one of such a value.</summary>
    private static bool LooksLost(ExecutionResult result)
    {
        if (result.Error is { } error) return error.Code is ErrorCode.ToolError || error.Name == "TypeError";
        int left = MaxValues;
        return result.Value.IsNullOrUndefined || HasNoNumber(result.Value, ref left);
    }

    private static bool HasNoNumber(ScriptValue value, ref int left)
    {
        if (--left < 0) return false;
        switch (value.Kind)
        {
            case ScriptValueKind.Number:
                return double.IsNaN(value.AsDouble());
            case ScriptValueKind.Array:
                foreach (ScriptValue item in value.Items)
                {
                    if (HasNoNumber(item, ref left)) return true;
                }

                return false;
            case ScriptValueKind.Object:
                foreach ((_, ScriptValue member) in value.Properties)
                {
                    if (HasNoNumber(member, ref left)) return true;
                }

                return false;
            default:
                return false;
        }
    }
}
