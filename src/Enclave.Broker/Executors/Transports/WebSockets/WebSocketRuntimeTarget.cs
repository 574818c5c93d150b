using System.Net.WebSockets;
using System.Security.Cryptography;
using Enclave.Queues;
using Enclave.Streaming;

namespace Enclave.Broker.Executors.Transports.WebSockets;

/// <summary>The next runtime with a free slot for a session.</summary>
internal sealed class WebSocketRuntimeTarget(WaitingSession turn, RuntimeQueue queue, RuntimeOptions options, TimeProvider clock) : IRuntimeTarget
{

    private RemoteRuntime? _runtime;

    public string Name => _runtime?.Address.ToString() ?? "no runtime";

    public string? Queue => null;

    public int MaxMessageBytes => options.MaxMessageBytes;

    public string? Fault => _runtime?.Fault;

    public void ReportSuccess() => _runtime?.ReportSuccess();

    public void ReportFailure(string why)
    {
        if (_runtime is not { } runtime) return;
        // The runtime works; sessions of other brokers have its slots.
        if (why == SessionCode.RuntimeBusy) runtime.ReportFull();
        else Fail(runtime, why);
    }

    public async Task<RuntimeOpening> OpenAsync(ChannelExecute execute, CancellationToken cancellationToken)
    {
        if (await WaitAsync(cancellationToken).ConfigureAwait(false) is { } refused) return refused;
        if (_runtime is not { } runtime) return RuntimeOpening.NotBegun;
        // A runtime has one set of names for the sessions of all owners and brokers, so the client's own name may be taken there.
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
            else runtime.RemoveSession();
            return RuntimeOpening.NotBegun;
        }
    }

    private void Fail(RemoteRuntime runtime, string why)
    {
        runtime.ReportFailure(why);
        turn.Fail(runtime);
    }

    /// <summary>Waits for a runtime with a free slot. Returns the refusal if the session must not run, otherwise null.</summary>
    private async Task<RuntimeOpening?> WaitAsync(CancellationToken cancellationToken)
    {
        QueueVerdict verdict = queue.Enqueue(turn);
        if (verdict != QueueVerdict.Added)
        {
            ErrorCode code = verdict == QueueVerdict.TenantFull ? ErrorCode.ShareFull : ErrorCode.QueueFull;
            return RuntimeOpening.Refused(code.ToCode(), code == ErrorCode.ShareFull
                ? "the queue of this tenant's sessions is full (MaxWaitingPerTenant): try again later, or add runtimes"
                : "the queue of sessions is full (MaxWaiting): try again later, or add runtimes");
        }

        if (!turn.Settled.IsCompleted)
        {
            RuntimeOpening? late = null;
            var wait = new QueueWait(turn.Session, () => queue.PositionOf(turn), options.QueueTimeout, turn.Submitted, clock);
            _runtime = await wait.ForAsync(
                turn.Settled, () => End(() => late = Late(wait)), () => End(() => turn.NoMoreRuntimes = true), cancellationToken).ConfigureAwait(false);
            return late;
        }

        _runtime = await turn.Settled.ConfigureAwait(false);
        return null;
    }

    /// <summary>Ends the wait, unless the session has a slot by now.</summary>
    private void End(Action why)
    {
        if (queue.Withdraw(turn) is null) return;
        why();
        turn.Settle(null);
    }

    private static RuntimeOpening Late(QueueWait wait)
    {
        double seconds = wait.Seconds;
        return wait.IsLifetime
            ? RuntimeOpening.Refused(ErrorCode.Timeout.ToCode(), $"the session had not begun when its lifetime of {seconds} s was over: every runtime was full")
            : RuntimeOpening.Refused(ErrorCode.QueueTimeout.ToCode(), $"the session waited {seconds} s for a slot on a runtime (QueueTimeout): all were full");
    }
}
