namespace Enclave;

/// <summary>Where a session stands. From <see cref="Starting"/> it goes to <see cref="Running"/>, between that and <see cref="WaitingForTool"/> to and fro, and to one of the last three for ever; it may fail and be cancelled from anywhere.</summary>
public enum SessionState
{
    /// <summary>It is judged, or waits for a worker.</summary>
    Starting = 0,

    /// <summary>The script runs.</summary>
    Running = 1,

    /// <summary>The script runs, and at least one of its tool calls waits for an answer from outside.</summary>
    WaitingForTool = 2,

    /// <summary>The script ran to its end.</summary>
    Completed = 3,

    /// <summary>The run ended with an error other than <see cref="ErrorCode.Cancelled"/>.</summary>
    Failed = 4,

    /// <summary>The session was cancelled or disposed.</summary>
    Cancelled = 5,
}
