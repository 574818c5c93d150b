using Enclave.Limits;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Sessions;
using Enclave.SessionWire;
using Enclave.Streaming;

namespace Enclave.Runtime.Sessions;

/// <summary>One session: runs on the host, sends its events to a sink, and is answered and cancelled from outside. Thread-safe.</summary>
internal sealed class RuntimeSession
{
    private readonly Lock _gate = new();
    private readonly EnclaveHost _host;
    private readonly SessionPlan _plan;
    private readonly IEventSink _sink;
    private readonly SessionNotifier _notifier;
    private readonly TimeProvider _clock;
    private readonly WireEvents _wire;
    private readonly SessionLife<CancelReason> _life;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<SessionEvent> _outbox = [];
    private TaskCompletionSource? _sent;
    private ExecutionSession? _session;
    private long _seq;
    private bool _isCutOff, _isSending;

    public RuntimeSession(EnclaveHost host, SessionPlan plan, IEventSink sink, SessionNotifier notifier, TimeProvider clock)
    {
        (_host, _plan, _sink, _notifier, _clock) = (host, plan, sink, notifier, clock);
        CreatedAt = clock.GetUtcNow();
        _life = new SessionLife<CancelReason>(clock);
        _wire = new WireEvents
        {
            Cancel = WireCancel.ErrorThenFinal,
            PendingArgs = (id) => Session?.PendingToolCalls.FirstOrDefault((call) => call.CallId == id)?.Args,
            CallScope = plan.CallScope,
            DeadlineMs = plan.Limits.DeadlineMs is > 0 ? plan.Limits.DeadlineMs : null,
            CancelOnFirstError = plan.Limits.CancelOnFirstError ?? false,
            MaxEventBytes = plan.MaxEventBytes,
            FailCall = (id, why) => Session?.TryFailToolCall(id, why.Name, why.Message, why.Code) == true,
            Clock = clock,
        };
    }

    public string Id => _plan.Id;

    /// <summary>Notifies observers of the events of the session.</summary>
    public SessionNotifier Notifier => _notifier;

    public DateTimeOffset CreatedAt { get; }

    /// <summary>Completes when the session has ended and its last event was handed over. Never fails.</summary>
    public Task Ended => _ended.Task;

    /// <summary>The last event; null before.</summary>
    public Final? Final { get; private set; }

    public RuntimeSessionInfo Info =>
        new(Id, _life.State(isAsking: Session?.State == SessionState.WaitingForTool), CreatedAt, CreatedAt + _plan.Options.Ttl);

    private ExecutionSession? Session
    {
        get
        {
            lock (_gate) return _session;
        }
    }

    /// <summary>Runs the session to its end. Called once.</summary>
    public async Task RunAsync()
    {
        // The guard examines the whole program: not on the thread that reads further messages.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await OpenAsync().ConfigureAwait(false);
        }
        catch (ArgumentException wrong)
        {
            await RefuseAsync(RuntimeRefusal.Invalid(OptionFaults.TextOf(wrong))).ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            await RefuseAsync(RuntimeRefusal.Stopping).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            // The session must end with an event after any failure.
            await RefuseAsync(RuntimeRefusal.Failed(fault)).ConfigureAwait(false);
        }
        finally
        {
            _notifier.OnEnded();
            _ended.TrySetResult();
        }
    }

    /// <summary>Ends the session as cancelled, unless it has already ended.</summary>
    public void Cancel(string? reason)
    {
        // A session that is not open yet is cancelled as soon as it is open.
        if (_life.TryStop(new CancelReason(reason)) && Session is { } session) _ = session.CancelAsync(reason);
    }

    /// <summary>Cancels the session because its peer is gone.</summary>
    public void CancelForLostPeer(string reason)
    {
        lock (_gate) _isCutOff = true;
        Cancel(reason);
    }

    /// <summary>Answers a call. Returns true if a call of this session was waiting for it.</summary>
    public bool TryAnswer(ChannelToolResult answer)
    {
        if (Session is not { } session || _wire.HostCallId(answer.CallId) is not { } id) return false;
        if (!answer.Success)
        {
            ErrorInfo error = answer.Error ?? new ErrorInfo("the tool failed");
            return session.TryFailToolCall(id, "Error", error.Message, error.Code);
        }

        try
        {
            return session.TryAnswerToolCall(id, answer.Value is { } value ? ScriptValue.From(value) : ScriptValue.Undefined);
        }
        catch (ArgumentException wrong)
        {
            // JSON can be nested deeper than a value may be.
            return session.TryFailToolCall(
                id, "TypeError", $"the tool's answer cannot be passed to a script: {OptionFaults.TextOf(wrong)}", ToolCode.ResultInvalid);
        }
    }

    /// <summary>Adds an event from outside to the session. Ignored before its first and after its last event.</summary>
    public void Add(EventPayload payload)
    {
        lock (_gate)
        {
            if (_seq == 0) return;
        }

        _ = EmitAsync(payload).AsTask();
    }

    private async Task OpenAsync()
    {
        ExecutionSession session = _host.OpenSession(_plan.Code, _plan.Options);
        await using (session.ConfigureAwait(false))
        {
            await EmitAsync(WireEvents.Init(Id, CreatedAt + _plan.Options.Ttl)).ConfigureAwait(false);
            lock (_gate) _session = session;
            if (_life.WhyStopped is { } cancelled) _ = session.CancelAsync(cancelled.Text);
            using ITimer? deadline = _wire.DeadlineMs is { } milliseconds ? Deadline(milliseconds) : null;
            await WireReader.ReadAsync(session, _wire, Heard, EmitAsync).ConfigureAwait(false);
        }
    }

    private void Heard(ExecutionEvent happened)
    {
        // Heartbeats come in the queue as well.
        if (happened is not HeartbeatEvent) _life.Start();
    }

    private ITimer Deadline(long milliseconds) => _clock.CreateTimer(
        (_) => Cancel(_wire.PassDeadline()),
        null, TimeSpan.FromMilliseconds(Math.Min(milliseconds, TimeSpan.FromDays(1).TotalMilliseconds)), Timeout.InfiniteTimeSpan);

    private async Task RefuseAsync(RuntimeRefusal refusal)
    {
        await EmitAsync(new SessionError { Code = refusal.Code, Message = refusal.Message, Recoverable = false }).ConfigureAwait(false);
        await EmitAsync(refusal.Final).ConfigureAwait(false);
    }

    /// <summary>Numbers an event and sends it. Completes when it and all earlier events are sent, so that a session cannot fill the queue.</summary>
    private async ValueTask EmitAsync(EventPayload payload)
    {
        Task? others = null;
        lock (_gate)
        {
            if (_life.HasEnded) return;
            if (payload is Final final) End_NeedsLock(final);
            _outbox.Enqueue(new SessionEvent(Id, ++_seq, payload));
            // Events are sent in the order of their numbers, and no foreign code runs under the lock.
            if (_isSending) others = (_sent ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            _isSending = true;
        }

        if (others is not null)
        {
            await others.ConfigureAwait(false);
            return;
        }

        while (TakeNext() is { } next) await DeliverAsync(next).ConfigureAwait(false);
    }

    private SessionEvent? TakeNext()
    {
        TaskCompletionSource? sent;
        lock (_gate)
        {
            if (_outbox.TryDequeue(out SessionEvent? next)) return next;
            _isSending = false;
            (sent, _sent) = (_sent, null);
        }

        sent?.TrySetResult();
        return null;
    }

    private async ValueTask DeliverAsync(SessionEvent next)
    {
        if (next.Payload is Final final) _notifier.OnEnding(this, final);
        _notifier.OnEvent(next);
        lock (_gate)
        {
            if (_isCutOff) return;
        }

        if (!await TrySendAsync(next).ConfigureAwait(false)) CancelForLostPeer("the reader has gone");
    }

    private async ValueTask<bool> TrySendAsync(SessionEvent next)
    {
        try
        {
            return await _sink.SendAsync(next).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // A sink may run an application's code, and the session still needs its end.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    private void End_NeedsLock(Final final)
    {
        Final = final;
        _life.TryEnd(final.Ok, isCancelled: final.Error?.Code is SessionCode.Cancelled or SessionCode.DeadlineExceeded);
    }

    /// <summary>The reason for the cancellation; its text is null if none was given.</summary>
    private sealed record CancelReason(string? Text);
}
