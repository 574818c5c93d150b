using Enclave.Guard;

namespace Enclave.Runs;

/// <summary>The errors of scripts that never ran: refused by the guard, or blocked by their score.</summary>
internal static class Refusal
{
    private const int ShownIssues = 5;

    /// <summary>The documented form: each distinct issue once, with its line.</summary>
    public static ExecutionError Of(ValidationResult verdict) => new()
    {
        Code = ErrorCode.ValidationError,
        Name = ErrorCode.ValidationError.ToCode(),
        Message = $"the script was refused: {Reasons(verdict)}{WayOut(verdict)}: docs/errors/VALIDATION_ERROR.md",
        Data = DataOf(verdict),
    };

    private static Dictionary<string, object?> DataOf(ValidationResult verdict)
    {
        var data = new Dictionary<string, object?> { ["issues"] = verdict.Issues };
        if (Accepting(verdict) is { } rules) data["acceptedBy"] = rules;
        return data;
    }

    private static string WayOut(ValidationResult verdict) =>
        Accepting(verdict) is { } rules ? $". The rules {rules} (Preset) accept it; process, jail and limits protect the host with any rules" : "";

    /// <summary>The name of the rules that accept the script; null for none.</summary>
    private static string? Accepting(ValidationResult verdict) => verdict.AcceptedBy?.ToString().ToLowerInvariant();

    /// <summary>The errors of a script, each distinct one once.</summary>
    public static string Reasons(ValidationResult verdict)
    {
        string[] lines = [.. verdict.Issues.Where((issue) => issue.Severity == IssueSeverity.Error).Select(Describe).Distinct(StringComparer.Ordinal)];
        string rest = lines.Length > ShownIssues ? $"; and {lines.Length - ShownIssues} more" : "";
        return string.Join("; ", lines.Take(ShownIssues)) + rest;
    }

    /// <summary>Returns the error of a script that its score blocked.</summary>
    public static ExecutionError Of(ScoreVerdict verdict) => new()
    {
        Code = ErrorCode.ScoringBlocked,
        Name = ErrorCode.ScoringBlocked.ToCode(),
        Message = verdict.Result.IsScored
            ? $"the script was not run: its score is {verdict.Result.Score} " +
            $"({string.Join(", ", verdict.Result.Signals.Select((signal) => signal.Name).Distinct().Take(ShownIssues))}): docs/errors/SCORING_BLOCKED.md"
            : $"the script was not run, because it could not be scored ({verdict.Result.Reason}): docs/errors/SCORING_BLOCKED.md",
        Data = new Dictionary<string, object?>
        {
            ["score"] = verdict.Result.Score,
            ["riskLevel"] = verdict.Result.RiskLevel.ToString().ToLowerInvariant(),
            ["signals"] = verdict.Result.Signals,
        },
    };

    private static string Describe(GuardIssue issue)
    {
        string place = issue.Location is { } at ? $" (line {at.Line})" : "";
        string hint = issue.Hint is null ? "" : $". {issue.Hint.TrimEnd('.')}";
        // Some messages are sentences, and a hint or a document follows each.
        return $"{issue.Code}{place}: {issue.Message.TrimEnd('.')}{hint}";
    }
}
