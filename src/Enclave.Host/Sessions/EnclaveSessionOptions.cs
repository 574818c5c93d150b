namespace Enclave;

/// <summary>How a session runs. The defaults are those of the documented product's session mode.</summary>
public sealed record EnclaveSessionOptions
{
    /// <summary>What its run has that differs from the host's options; null for nothing.</summary>
    /// <remarks>A session spends its time waiting for others: without <see cref="RunOptions.Timeout"/> here its wall time is <see cref="Ttl"/>, and the level's time is its CPU time alone.</remarks>
    public RunOptions? Run { get; init; }

    /// <summary>Longest life from its opening to its end, waits included. Range: 1 ms to 24 h. Default: 60 s.</summary>
    /// <remarks>When it passes, the run ends with <see cref="ErrorCode.Timeout"/>, and its <c>Data["reason"]</c> is <c>ttl</c>.</remarks>
    public TimeSpan Ttl { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Tool calls of the run. Range: 0 to 1,000,000. Default: 50. The lower of this and of what the run would have without a session holds.</summary>
    public int MaxToolCalls { get; init; } = 50;

    /// <summary>Console output of the run, in bytes of UTF-8. Range: 0 to 1 GB. Default: 256 KB. The lower of this and of what the run would have without a session holds.</summary>
    public long MaxConsoleBytes { get; init; } = 256 << 10;

    /// <summary>A tool's answer, encoded, in bytes. Range: 1 to 1 GB. Default: 5 MB. What is larger fails the call, as <c>TOOL_RESULT_TOO_LARGE</c>. The pool's <see cref="WorkerPoolOptions.MaxMessageBytes"/> holds too.</summary>
    public long MaxToolResultBytes { get; init; } = 5 << 20;

    /// <summary>Longest wait for the answer to one tool call, whoever gives it. Range: 1 ms to 24 h. Default: 30 s. When it passes, the call fails, as <c>TOOL_TIMEOUT</c>, and the script may catch that.</summary>
    public TimeSpan ToolTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The time between two <see cref="HeartbeatEvent"/>s. Range: 100 ms to 24 h, or <see cref="Timeout.InfiniteTimeSpan"/> for none. Default: 15 s.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The tools that are answered from outside, through <see cref="ExecutionSession.TryAnswerToolCall"/>; all others are the host's own. Default: null, every tool.</summary>
    public IReadOnlyCollection<string>? OutsideTools { get; init; }

    /// <summary>True if a call that begins after another one failed fails too, with the code <c>SESSION_CANCELLED</c>, and reaches no tool. Calls that were under way go on, and the script may catch it. Default: false.</summary>
    public bool RefuseCallsAfterFailure { get; init; }

    /// <summary>What a call of the host's own tools waits for, within its time, by the call's <see cref="ToolCallEvent.CallId"/>: that its event is kept, say. Null for nothing.</summary>
    public Func<string, Task>? BeforeHostTool { get; init; }
}
