using System.Diagnostics.CodeAnalysis;
using Enclave.Protocol;

namespace Enclave;

/// <summary>Settings of a session. The defaults are those of the JavaScript product's session mode.</summary>
/// <remarks>
/// The lower of each counted limit here and of the run's own applies. Default: 50 tool calls, 256 KB of console output; the others are at the upper ends of
/// their ranges.
/// </remarks>
public sealed record EnclaveSessionOptions : CountedLimits
{
    /// <summary>Creates options with the defaults.</summary>
    [SetsRequiredMembers]
    public EnclaveSessionOptions() => (MaxToolCalls, MaxIterations, MaxConsoleCalls, MaxConsoleBytes) =
        (50, LimitOptions.MostIterations, LimitOptions.MostConsoleCalls, 256 << 10);

    /// <summary>Settings of its run that differ from the host's options; null for none.</summary>
    /// <remarks>A session mostly waits for others. Unless <see cref="LimitOptions.Timeout"/> is set here, its wall time is <see cref="Ttl"/>, and the level's
    /// time limits only its CPU time.</remarks>
    public RunOptions? Run { get; init; }

    /// <summary>Longest life from its opening to its end, including waits. Range: 1 ms to 24 h. Default: 60 s.</summary>
    /// <remarks>After it the run ends with <see cref="ErrorCode.Timeout"/>, and its <c>Data["reason"]</c> is <c>ttl</c>.</remarks>
    public TimeSpan Ttl { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Largest encoded answer of a tool, in bytes. Range: 1 to 1 GB. Default: 5 MB. A larger one fails the call with <c>TOOL_RESULT_TOO_LARGE</c>. The
    /// pool's <see cref="WorkerPoolOptions.MaxMessageBytes"/> applies too.
    /// </summary>
    public long MaxToolResultBytes { get; init; } = 5 << 20;

    /// <summary>
    /// Longest wait for the answer to one tool call. Range: 1 ms to 24 h. Default: 30 s. After it the
    /// call fails with <c>TOOL_TIMEOUT</c>, which the script may catch.
    /// </summary>
    public TimeSpan ToolTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The time between two <see cref="HeartbeatEvent"/>s. Range: 100 ms to 24 h, or <see cref="Timeout.InfiniteTimeSpan"/> for none. Default: 15 s.
    /// </summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The tools that are answered from outside, through <see cref="ExecutionSession.TryAnswerToolCall"/>.
    /// All other tools are the host's own. Default: null, every tool.
    /// </summary>
    public IReadOnlyCollection<string>? OutsideTools { get; init; }

    /// <summary>
    /// True if calls after a failed one fail too, with the code <c>SESSION_CANCELLED</c>, and reach no tool. Running calls
    /// continue, and the script may catch the error. Default: false.
    /// </summary>
    public bool RefuseCallsAfterFailure { get; init; }

    /// <summary>
    /// A call of the host's own tools waits for this, within its time, given the call's
    /// <see cref="ToolCallEvent.CallId"/>: for example until its event is stored. Null for no wait.
    /// </summary>
    public Func<string, Task>? BeforeHostTool { get; init; }
}
