namespace Enclave;

/// <summary>
/// The state of a session. From <see cref="Starting"/> it goes to <see cref="Running"/>, then back and forth between that and
/// <see cref="WaitingForTool"/>, and finally to one of the last three. It may fail or be cancelled in any state.
/// </summary>
public enum SessionState
{
    /// <summary>The script is being checked, or waits for a worker.</summary>
    Starting = 0,

    /// <summary>The script runs.</summary>
    Running = 1,

    /// <summary>The script runs, and at least one of its tool calls waits for an answer from outside.</summary>
    WaitingForTool = 2,

    /// <summary>The script ran to its end.</summary>
    Completed = 3,

    /// <summary>The run ended with an error other than <see cref="ErrorCode.Cancelled"/>.</summary>
    Failed = 4,

    /// <summary>The session was cancelled or disposed, or its deadline passed.</summary>
    Cancelled = 5,

    /// <summary>Only of durable sessions of a broker: the session is suspended until its time or an answer comes.</summary>
    Suspended = 6,
}
