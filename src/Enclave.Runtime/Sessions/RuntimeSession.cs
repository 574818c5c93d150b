using Enclave.Protocol;
using Enclave.SessionWire;
using Enclave.Streaming;

namespace Enclave.Runtime.Sessions;

/// <summary>One session: opened on the host, told to a sink, answered and cancelled from outside. Safe for use from any number of threads.</summary>
internal sealed class RuntimeSession
{
    private readonly Lock _gate = new();
    private readonly EnclaveHost _host;
    private readonly SessionPlan _plan;
    private readonly IEventSink _sink;
    private readonly SessionObserver _observer;
    private readonly TimeProvider _clock;
    private readonly WireEvents _wire;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<SessionEvent> _outbox = [];
    private ExecutionSession? _session;
    private string? _cancelled;
    private long _seq;
    private bool _isCancelled, _isOver, _isCutOff, _isSending;

    public RuntimeSession(EnclaveHost host, SessionPlan plan, IEventSink sink, SessionObserver observer, TimeProvider clock)
    {
        (_host, _plan, _sink, _observer, _clock) = (host, plan, sink, observer, clock);
        CreatedAt = clock.GetUtcNow();
        _wire = new WireEvents
        {
            Began = CreatedAt,
            Cancel = WireCancel.ErrorThenFinal,
            PendingArgs = (id) => Session?.PendingToolCalls.FirstOrDefault((call) => call.CallId == id)?.Args,
            CallScope = plan.CallScope,
            DeadlineMs = plan.Limits.DeadlineMs is > 0 ? plan.Limits.DeadlineMs : null,
            CancelOnFirstError = plan.Limits.CancelOnFirstError ?? false,
            Clock = clock,
        };
    }

    public string Id => _plan.Id;

    /// <summary>Who is told of it.</summary>
    public SessionObserver Observer => _observer;

    public DateTimeOffset CreatedAt { get; }

    /// <summary>Completes when the session has ended and its worker is free. Never fails.</summary>
    public Task Ended => _ended.Task;

    /// <summary>The last event; null before.</summary>
    public Final? Final { get; private set; }

    public RuntimeSessionInfo Info => new(Id, State(), CreatedAt, CreatedAt + _plan.Options.Ttl);

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
        // The guard reads the whole program: not on the thread that has other messages to read.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await OpenAsync().ConfigureAwait(false);
        }
        catch (ArgumentException wrong)
        {
            Refuse(RuntimeRefusal.Invalid(wrong.Message.Split(" (Parameter '", 2)[0]));
        }
        catch (ObjectDisposedException)
        {
            Refuse(RuntimeRefusal.Stopping);
        }
        catch (Exception fault)
        {
            // Whoever waits for the end of the session gets it, whatever is wrong here.
            Refuse(RuntimeRefusal.Failed(fault));
        }
        finally
        {
            _ended.TrySetResult();
        }
    }

    /// <summary>Ends the session as cancelled, unless it has ended.</summary>
    public void Cancel(string? reason)
    {
        ExecutionSession? session;
        lock (_gate)
        {
            if (_isCancelled) return;
            (_isCancelled, _cancelled) = (true, reason);
            session = _session;
        }

        // One that is not open yet is cancelled as soon as it is.
        if (session is not null) _ = session.CancelAsync(reason);
    }

    /// <summary>Nobody is there any more who could be told.</summary>
    public void CutOff(string reason)
    {
        lock (_gate) _isCutOff = true;
        Cancel(reason);
    }

    /// <summary>Whether a call of this session waited for this answer.</summary>
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
            return session.TryFailToolCall(id, "TypeError", $"the tool's answer is no value for a script: {wrong.Message.Split(" (Parameter '", 2)[0]}", "TOOL_RESULT_INVALID");
        }
    }

    /// <summary>Adds an event of somebody else to those of the session; nothing before its first and after its last.</summary>
    public void Add(EventPayload payload)
    {
        lock (_gate)
        {
            if (_seq == 0) return;
        }

        Emit(payload);
    }

    private async Task OpenAsync()
    {
        ExecutionSession session = _host.OpenSession(_plan.Code, _plan.Options);
        await using (session.ConfigureAwait(false))
        {
            Emit(WireEvents.Init(Id, CreatedAt + _plan.Options.Ttl));
            bool isCancelled;
            lock (_gate) (_session, isCancelled) = (session, _isCancelled);
            if (isCancelled) _ = session.CancelAsync(_cancelled);
            using ITimer? deadline = _wire.DeadlineMs is { } milliseconds ? Deadline(milliseconds) : null;
            await TellAsync(session).ConfigureAwait(false);
        }
    }

    private ITimer Deadline(long milliseconds) => _clock.CreateTimer(
        (_) => Cancel(_wire.PassDeadline()), null, TimeSpan.FromMilliseconds(Math.Min(milliseconds, TimeSpan.FromDays(1).TotalMilliseconds)), Timeout.InfiniteTimeSpan);

    private async Task TellAsync(ExecutionSession session)
    {
        for (long next = 1; ;)
        {
            try
            {
                await foreach (ExecutionEvent happened in session.Events(next).ConfigureAwait(false))
                {
                    next = happened.Sequence + 1;
                    foreach (EventPayload payload in _wire.Of(happened)) Emit(payload);
                }

                return;
            }
            catch (EventsExpiredException late)
            {
                // This thread was kept from reading while very much happened.
                Emit(new LogEntry { Level = LogSeverity.Warn, Message = $"events {next} to {late.FirstKept - 1} are missing here" });
                next = late.FirstKept;
            }
        }
    }

    private void Refuse(RuntimeRefusal refusal)
    {
        Emit(new SessionError { Code = refusal.Code, Message = refusal.Message, Recoverable = false });
        Emit(new Final { Ok = false, Error = new ErrorInfo(refusal.Message, refusal.Code), Stats = new FinalStats(0, 0, 0) });
    }

    private void Emit(EventPayload payload)
    {
        lock (_gate)
        {
            if (_isOver) return;
            if (payload is Final final) (_isOver, Final) = (true, final);
            _outbox.Enqueue(new SessionEvent(Id, ++_seq, payload));
            // The order of numbers is the order on the line, and nobody's code runs under the lock.
            if (_isSending) return;
            _isSending = true;
        }

        while (TakeNext() is { } next) Deliver(next);
    }

    private SessionEvent? TakeNext()
    {
        lock (_gate)
        {
            if (_outbox.TryDequeue(out SessionEvent? next)) return next;
            _isSending = false;
            return null;
        }
    }

    private void Deliver(SessionEvent next)
    {
        if (next.Payload is Final final) _observer.OnEnding(this, final);
        _observer.OnEvent(this, next);
        lock (_gate)
        {
            if (_isCutOff) return;
        }

        if (!_sink.TrySend(next)) CutOff("the reader has gone");
    }

    private RuntimeSessionState State()
    {
        if (Final is { } final) return final.Ok ? RuntimeSessionState.Completed : final.Error?.Code is WireFinal.Cancelled or WireFinal.Deadline ? RuntimeSessionState.Cancelled : RuntimeSessionState.Failed;
        return Session?.State switch
        {
            SessionState.Running => RuntimeSessionState.Running,
            SessionState.WaitingForTool => RuntimeSessionState.WaitingForTool,
            _ => RuntimeSessionState.Starting,
        };
    }
}
