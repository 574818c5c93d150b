using System.Net.WebSockets;
using System.Security.Cryptography;
using Enclave.Broker.Sessions;
using Enclave.Queues;
using Enclave.Streaming;

namespace Enclave.Broker.Executors.Transports.WebSockets;

/// <summary>The next runtime that has a place for a session.</summary>
internal sealed class WebSocketRuntimeTarget(WaitingSession turn, RuntimeQueue queue, RuntimeOptions options, TimeProvider clock) : IRuntimeTarget
{
    private const string Busy = "RUNTIME_BUSY";

    private RemoteRuntime? _runtime;

    public string Name => _runtime?.Address.ToString() ?? "no runtime";

    public string? Queue => null;

    public int MaxMessageBytes => options.MaxMessageBytes;

    public string? Fault => _runtime?.Fault;

    public void Answered() => _runtime?.Answered();

    public void Failed(string why)
    {
        if (_runtime is not { } runtime) return;
        // It is well; sessions of other brokers have its places.
        if (why == Busy) runtime.Full();
        else Fail(runtime, why);
    }

    public async Task<RuntimeOpening> OpenAsync(ChannelExecute execute, CancellationToken cancellationToken)
    {
        if (await WaitAsync(cancellationToken).ConfigureAwait(false) is { } refused) return refused;
        if (_runtime is not { } runtime) return RuntimeOpening.NotBegun;
        // A runtime knows sessions of all owners and brokers by one name each: a client's own name may be another's there.
        string session = StreamProtocol.SessionPrefix + RandomNumberGenerator.GetHexString(32, lowercase: true);
        WebSocketRuntimeConnection? socket = null;
        try
        {
            socket = await WebSocketRuntimeConnection.ConnectAsync(session, runtime, options, cancellationToken).ConfigureAwait(false);
            await socket.SendAsync(execute with { SessionId = session }, cancellationToken).ConfigureAwait(false);
            return RuntimeOpening.Begun(socket);
        }
        catch (Exception fault) when (fault is WebSocketException or IOException or TimeoutException or OperationCanceledException)
        {
            if (fault is not OperationCanceledException) Fail(runtime, fault.Message);
            if (socket is not null) await socket.DisposeAsync().ConfigureAwait(false);
            else runtime.Leave();
            return RuntimeOpening.NotBegun;
        }
    }

    private void Fail(RemoteRuntime runtime, string why)
    {
        runtime.Failed(why);
        turn.Fail(runtime);
    }

    /// <summary>Waits for a runtime with a place; why the session is not to run, or null.</summary>
    private async Task<RuntimeOpening?> WaitAsync(CancellationToken cancellationToken)
    {
        QueueVerdict verdict = queue.Enter(turn);
        if (verdict != QueueVerdict.Added)
        {
            return RuntimeOpening.Refused("QUEUE_FULL", verdict == QueueVerdict.TenantFull
                ? "as many sessions of this tenant wait for a runtime as may (MaxWaitingPerTenant): try again later, or add runtimes"
                : "as many sessions wait for a runtime as may (MaxWaiting): try again later, or add runtimes");
        }

        if (!turn.Settled.IsCompleted)
        {
            turn.Session.Waiting = new WaitingTurn(turn, queue);
            RuntimeOpening? late = null;
            TimeSpan left = Patience - clock.GetElapsedTime(turn.Submitted);
            using ITimer timer = clock.CreateTimer((_) => End(() => late = Late()), null, left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            using CancellationTokenRegistration stopped = cancellationToken.Register(() => End(() => turn.IsOver = true));
            _runtime = await turn.Settled.ConfigureAwait(false);
            turn.Session.Waiting = null;
            return late;
        }

        _runtime = await turn.Settled.ConfigureAwait(false);
        return null;
    }

    /// <summary>How long the session may wait: the queue's time, or what it has.</summary>
    private TimeSpan Patience => turn.Session.Terms.Ttl < options.QueueTimeout ? turn.Session.Terms.Ttl : options.QueueTimeout;

    /// <summary>Ends the wait, unless there is a place by now.</summary>
    private void End(Action why)
    {
        if (queue.Withdraw(turn) is null) return;
        why();
        turn.Settle(null);
    }

    private RuntimeOpening Late()
    {
        double seconds = Math.Round(clock.GetElapsedTime(turn.Submitted).TotalSeconds, 3);
        return Patience == turn.Session.Terms.Ttl
            ? RuntimeOpening.Refused("TIMEOUT", $"the session had not begun after {seconds} s, which is its whole life: every runtime was full")
            : RuntimeOpening.Refused("QUEUE_TIMEOUT", $"the session waited {seconds} s for a place on a runtime (QueueTimeout): every one was full");
    }

    private sealed class WaitingTurn(WaitingSession turn, RuntimeQueue queue) : IWaitingRun
    {
        public QueuePosition? Position => queue.PositionOf(turn);
    }
}
