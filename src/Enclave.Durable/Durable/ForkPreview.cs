namespace Enclave;

/// <summary>The history that a fork would keep, and its first live step. No tool was called to find this out.</summary>
public sealed record ForkPreview
{
    internal ForkPreview()
    {
    }

    /// <summary>The number of events of the history that it keeps.</summary>
    public required int Kept { get; init; }

    /// <summary>
    /// The first step of the script that differs from the history; null if the script repeats all of the given history. Without <see cref="ForkOptions.At"/>
    /// the fork keeps the events before it; with it <see cref="DurableRuns.ForkAsync"/> refuses.
    /// </summary>
    public required ReplayDifference? Difference { get; init; }

    /// <summary>Calls of tools that the first run made after the kept events. Their work is done, and the fork may make them again.</summary>
    public required IReadOnlyList<ToolCallEvent> Repeated { get; init; }

    /// <summary>The first call that the fork would make; null if it ends without one.</summary>
    public required ToolCallEvent? Next { get; init; }

    /// <summary>The result of the fork, if it ends without a call; otherwise null.</summary>
    public required ExecutionResult? Result { get; init; }
}
