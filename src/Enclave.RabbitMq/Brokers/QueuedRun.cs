using Enclave.Broker.Executors.Transports;
using Enclave.Broker.Sessions;
using Enclave.Queues;
using Enclave.RabbitMq.Wire;
using Enclave.Runs;
using Enclave.Streaming;
using Enclave.Streaming.Peers;

namespace Enclave.RabbitMq.Brokers;

/// <summary>One attempt to run a session on a runtime, which takes it from a queue. Its state is guarded by the dispatcher's lock.</summary>
internal sealed class QueuedRun(
    BrokerSession session, QueueTenant tenant, string lane, bool isSecondTry, long submitted, Dispatcher dispatcher, TimeProvider clock)
    : IQueued, IRuntimeTarget
{
    private readonly TaskCompletionSource<RuntimeOpening> _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ChannelExecute? _execute;

    public BrokerSession Session => session;

    public QueueTenant Tenant => tenant;

    public string TenantKey { get; } = IQueued.KeyOf(session.Caller.Tenant);

    public string LaneName => lane;

    string? IRuntimeTarget.Queue => lane;

    string IRuntimeTarget.Name => $"queue {lane}";

    public int MaxMessageBytes => dispatcher.MaxMessageBytes;

    /// <summary>True if a runtime had it before and did not begin it: it keeps its turn.</summary>
    public bool IsSecondTry => isSecondTry;

    /// <summary>When it was submitted, by the clock's timestamp.</summary>
    public long Submitted => submitted;

    /// <summary>Its name on the wire, a new one for each message: a runtime with an older message asks for a name that is no longer valid.</summary>
    public string Name { get; private set; } = "";

    public string SessionName => StreamProtocol.SessionPrefix + Name;

    public QueuedRunState State { get; set; }

    /// <summary>When it was last published, by the clock's timestamp.</summary>
    public long Published { get; set; }

    /// <summary>The runtime that may run it; null before.</summary>
    public KnownRuntime? Runtime { get; set; }

    /// <summary>The connection to that runtime; null before.</summary>
    public QueueRuntimeConnection? Connection { get; set; }

    /// <summary>Why it was last refused or failed; null if it was not.</summary>
    public string? Fault { get; set; }

    /// <summary>True if the server had no room for it at the last attempt.</summary>
    public bool WasRejected { get; set; }

    /// <summary>How often it came back before it began.</summary>
    public int Returns { get; set; }

    /// <summary>True if the runtime that it was granted to returned it before it began, because it is stopping: that does not count as an attempt.</summary>
    public bool WasReturned { get; set; }

    public void ReportSuccess() => Fault = null;

    public void ReportFailure(string why) => Fault = why;

    public Task<RuntimeOpening> OpenAsync(ChannelExecute execute, CancellationToken cancellationToken)
    {
        _execute = execute;
        if (dispatcher.TryAdd(this) is { } refused) return Task.FromResult(refused);
        var wait = new QueueWait(session, () => dispatcher.PositionOf(this), dispatcher.QueueTimeout, submitted, clock);
        return wait.ForAsync(_settled.Task, () => End((stood) => Late(wait, stood)), () => End((_) => RuntimeOpening.NotBegun), cancellationToken);
    }

    /// <summary>Completes the attempt: the run is granted or will not be.</summary>
    public void Settle(RuntimeOpening opening) => _settled.TrySetResult(opening);

    public void Rename() => Name = UnguessableName.New();

    /// <summary>The message, as over WebSocket.</summary>
    public ChannelExecute Execute() => _execute! with { SessionId = SessionName };

    /// <summary>Ends the wait, unless the run is granted to a runtime.</summary>
    private void End(Func<string, RuntimeOpening> why)
    {
        if (dispatcher.Withdraw(this) is { } stood) Settle(why(stood));
    }

    private RuntimeOpening Late(QueueWait wait, string stood)
    {
        double seconds = wait.Seconds;
        if (wait.IsLifetime)
            return RuntimeOpening.Refused(ErrorCode.Timeout.ToCode(), $"the session had not begun when its lifetime of {seconds} s was over; {stood}");
        if (WasRejected)
            return RuntimeOpening.Refused(
                ErrorCode.QueueFull.ToCode(), $"the queue {lane} of the RabbitMQ server had no room for {seconds} s (MaxQueueLength); {stood}");
        if (!dispatcher.HasRuntime && dispatcher.ProtocolMismatch is { } foreign)
            return RuntimeOpening.Refused(SessionCode.ProtocolUnsupported, $"no connected runtime speaks a protocol version of this broker: {foreign}");
        if (!dispatcher.HasRuntime) return RuntimeOpening.Refused(
            SessionCode.RuntimeUnavailable, $"for {seconds} s no runtime was connected, or the RabbitMQ server was unavailable; the broker's log says why");
        return RuntimeOpening.Refused(ErrorCode.QueueTimeout.ToCode(), $"the session waited {seconds} s for a runtime (QueueTimeout); {stood}");
    }
}
