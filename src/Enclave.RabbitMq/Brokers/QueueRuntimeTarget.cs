using Enclave.Broker.Executors.Transports;
using Enclave.Broker.Sessions;
using Enclave.Queues;
using Enclave.Streaming;
using Enclave.Streaming.Peers;

namespace Enclave.RabbitMq.Brokers;

/// <summary>A queue from which a runtime takes the session.</summary>
internal sealed class QueueRuntimeTarget(
    BrokerSession session, QueueTenant tenant, string lane, bool isSecondTry, long submitted, Dispatcher dispatcher, TimeProvider clock) : IRuntimeTarget
{
    private QueuedRun? _run;

    public string Name => $"queue {lane}";

    public string Queue => lane;

    public int MaxMessageBytes => dispatcher.MaxMessageBytes;

    public string? Fault { get; private set; }

    /// <summary>True if a stopping runtime returned it: that does not count as an attempt.</summary>
    public bool WasReturned => _run is { WasReturned: true };

    public void ReportSuccess() => Fault = null;

    public void ReportFailure(string why) => Fault = why;

    public async Task<RuntimeOpening> OpenAsync(ChannelExecute execute, CancellationToken cancellationToken)
    {
        var run = new QueuedRun(session, execute, tenant, lane, isSecondTry, submitted);
        _run = run;
        if (dispatcher.TryAdd(run) is { } refused) return refused;
        var wait = new QueueWait(session, new WaitingQueuedRun(run, dispatcher), dispatcher.QueueTimeout, submitted, clock);
        RuntimeOpening opening = await wait.ForAsync(
            run.Settled, () => End(run, Late(run, wait)), () => End(run, (_) => RuntimeOpening.NotBegun), cancellationToken).ConfigureAwait(false);
        Fault = run.Fault;
        return opening;
    }

    /// <summary>Ends the wait, unless a runtime was told that it may begin.</summary>
    private void End(QueuedRun run, Func<string, RuntimeOpening> why)
    {
        if (dispatcher.Withdraw(run) is { } stood) run.Settle(why(stood));
    }

    private Func<string, RuntimeOpening> Late(QueuedRun run, QueueWait wait) => (stood) =>
    {
        double seconds = wait.Seconds;
        if (wait.IsLifetime)
            return RuntimeOpening.Refused(ErrorCode.Timeout.ToCode(), $"the session had not begun when its lifetime of {seconds} s was over; {stood}");
        if (run.WasRejected)
            return RuntimeOpening.Refused(
                ErrorCode.QueueFull.ToCode(), $"the queue {lane} of the RabbitMQ server had no room for {seconds} s (MaxQueueLength); {stood}");
        if (!dispatcher.HasRuntime && dispatcher.ProtocolMismatch is { } foreign)
            return RuntimeOpening.Refused(SessionCode.ProtocolUnsupported, $"no connected runtime speaks a protocol version of this broker: {foreign}");
        if (!dispatcher.HasRuntime) return RuntimeOpening.Refused(
            SessionCode.RuntimeUnavailable, $"for {seconds} s no runtime was connected, or the RabbitMQ server was unavailable; the broker's log says why");
        return RuntimeOpening.Refused(ErrorCode.QueueTimeout.ToCode(), $"the session waited {seconds} s for a runtime (QueueTimeout); {stood}");
    };

    private sealed class WaitingQueuedRun(QueuedRun run, Dispatcher dispatcher) : IWaitingRun
    {
        public QueuePosition? Position => dispatcher.PositionOf(run);
    }
}
