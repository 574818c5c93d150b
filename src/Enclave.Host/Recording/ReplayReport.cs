namespace Enclave;

/// <summary>What became of a replay.</summary>
public sealed record ReplayReport
{
    /// <summary>True if the run did and gave the same again.</summary>
    public bool Matches => Difference is null;

    /// <summary>The first thing that was different; null when nothing was.</summary>
    public required ReplayDifference? Difference { get; init; }

    /// <summary>What the replay came to. After a difference, tool calls that were not recorded have failed with the code <c>NOT_RECORDED</c>.</summary>
    public required ExecutionResult Result { get; init; }

    /// <summary>What this host has that the recording's had not, and that may be the reason for a difference: engine version, level, rules.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
