namespace Enclave;

/// <summary>The outcome of a replay.</summary>
public sealed record ReplayReport
{
    /// <summary>True if the run did the same and gave the same result.</summary>
    public bool Matches => Difference is null;

    /// <summary>The first difference; null if there is none.</summary>
    public required ReplayDifference? Difference { get; init; }

    /// <summary>The result of the replay. After a difference, unrecorded tool calls have failed with the code <c>NOT_RECORDED</c>.</summary>
    public required ExecutionResult Result { get; init; }

    /// <summary>Differences between this host and the recording's that may explain a difference: engine version, level, rules.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
