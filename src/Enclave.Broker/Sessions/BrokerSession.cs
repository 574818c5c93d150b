using System.Text.Json;
using Enclave.Broker.Access;
using Enclave.Broker.Errors;
using Enclave.Queues;
using Enclave.Sessions;
using Enclave.SessionWire;
using Enclave.Streaming;

namespace Enclave.Broker.Sessions;

/// <summary>One session of a client: its events, readers and end.</summary>
internal sealed class BrokerSession : ISessionView, IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly ISessionOwner _owner;
    private readonly SessionLife<SessionEnd> _life;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _openCalls = [];
    private int _readers;
    private long _leftAt;

    internal BrokerSession(
        string id, Caller caller, SessionRequest request, EnclaveSessionOptions terms, EventLines events, ISessionOwner owner, TimeProvider clock)
    {
        (Id, Caller, Request, Terms, Events, _owner, _clock) = (id, caller, request, terms, events, owner, clock);
        Deadline = SessionTerms.Deadline(request.Limits);
        CreatedAt = clock.GetUtcNow();
        _life = new SessionLife<SessionEnd>(clock);
        _leftAt = clock.GetTimestamp();
    }

    /// <inheritdoc/>
    public string Id { get; }

    /// <inheritdoc/>
    public bool IsElsewhere => false;

    /// <summary>The client that opened it.</summary>
    public Caller Caller { get; }

    /// <summary>The checked request. Without its script, globals, filter, tools and handshake once its run is over.</summary>
    public SessionRequest Request { get; private set; }

    /// <summary>Its limits.</summary>
    public EnclaveSessionOptions Terms { get; }

    /// <summary>Time from its opening to its deadline; null for none.</summary>
    public TimeSpan? Deadline { get; }

    /// <summary>Its events as lines.</summary>
    public EventLines Events { get; }

    internal DateTimeOffset CreatedAt { get; }

    internal DateTimeOffset ExpiresAt => CreatedAt + Terms.Ttl;

    /// <summary>Its state, without calls that wait for the client.</summary>
    public SessionState State => _life.State(isAsking: false);

    /// <summary>Tool calls so far.</summary>
    public int ToolCalls { get; private set; }

    /// <summary>Time from its start to its end, or to now.</summary>
    public TimeSpan Duration => _life.Duration;

    /// <summary>Maximum size of one of its events as a line, in bytes.</summary>
    internal long MaxEventBytes => Events.MaxEventBytes;

    internal bool HasEnded => Events.HasEnded;

    /// <summary>Time since its end; null before.</summary>
    internal TimeSpan? SinceEnd => _life.SinceEnd;

    /// <inheritdoc/>
    public long FirstKept => Events.FirstKept;

    /// <inheritdoc/>
    public bool Holds(long seq) => Events.FirstKept is > 0 and var first && first <= seq;

    /// <summary>Completes when readers can read the last event, or when there will be none.</summary>
    public Task Ended => Events.Closed;

    /// <summary>Cancelled when the session should end early.</summary>
    internal CancellationToken Stopping => _stop.Token;

    /// <summary>Why the session should end early; null while it should not.</summary>
    internal SessionEnd? End => _life.WhyStopped;

    /// <summary>The ciphers that encrypt its events; null if they are not encrypted.</summary>
    public SessionCiphers? Ciphers { get; private set; }

    /// <summary>Receives the client's answers of tool calls; null while no call can be answered.</summary>
    internal IClientCalls? Calls { get; set; }

    /// <summary>Its seat in the queue of runs, until it is in the queue itself or ends; null if it never had one. Both events dispose the seat.</summary>
    internal IDisposable? Seat { get; set; }

    /// <summary>Returns the position of its run in the queue where it waits; null before and afterwards.</summary>
    public Func<QueuePosition?>? Waiting { get; set; }

    /// <summary>Stores its events outside of this process; null if they are only in memory.</summary>
    internal ISessionJournal? Journal => Events.Journal;

    /// <summary>The run has ended: releases the request, which may be as large as a body. A kept session holds its events only.</summary>
    internal void ForgetProgram()
    {
        Request = Request with { Code = "", Globals = null, Filter = null, Encryption = null, ClientTools = [] };
        (Calls, Waiting, Seat) = (null, null, null);
    }

    /// <summary>Encrypts its events except the first one.</summary>
    internal void Encrypt(SessionCiphers ciphers)
    {
        Ciphers = ciphers;
        Events.Encrypt(ciphers.Outgoing);
    }

    /// <summary>Adds an event. Calls must not overlap, except for heartbeats and changes of the catalogue.</summary>
    internal void Add(EventPayload payload)
    {
        // The sender may not have checked the size.
        if (payload is Final { Ok: true } last && !WireSize.Fits(last, MaxEventBytes)) payload = WireSize.TooLarge(last, MaxEventBytes);
        // Change the state before the event is visible: a reader may ask for it at once.
        switch (payload)
        {
            case SessionInit: _life.Start(); break;
            case ToolCall call:
                ToolCalls++;
                _openCalls.Add(call.CallId);
                break;
            case ToolResultApplied applied: _openCalls.Remove(applied.CallId); break;
            case DeadlineExceeded: EndCalls(); break;
            case Final final:
                EndCalls();
                Conclude(final);
                break;
        }

        Events.Add(payload);
    }

    /// <summary>Makes the last event of a session that failed.</summary>
    internal Final Failure(string code, string message, long stdoutBytes = 0) =>
        Final.Failure(new ErrorInfo(message, code), FinalStats.Of(Duration, ToolCalls, stdoutBytes));

    /// <summary>Ends it early. The first reason is kept.</summary>
    public void Stop(SessionEnd why)
    {
        if (_life.TryStop(why)) _stop.Cancel();
    }

    /// <inheritdoc/>
    public ValueTask<ReadOutcome> ReadAsync(long from, List<LoggedEvent> events, CancellationToken cancellationToken) =>
        Events.ReadAsync(from, events, cancellationToken);

    /// <inheritdoc/>
    public ValueTask CancelAsync(SessionEnd why, CancellationToken cancellationToken)
    {
        Stop(why);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<BrokerError?> AnswerAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken) => new(ToolAnswer.Give(this, body));

    /// <inheritdoc/>
    public void ReaderCame()
    {
        lock (_gate) _readers++;
    }

    /// <inheritdoc/>
    public void ReaderLeft()
    {
        lock (_gate)
        {
            if (--_readers == 0) _leftAt = _clock.GetTimestamp();
        }
    }

    /// <summary>True if a reader reads it at this broker.</summary>
    internal bool HasReaders
    {
        get
        {
            lock (_gate) return _readers > 0;
        }
    }

    /// <summary>Records that a reader reads it at another broker now.</summary>
    public void ReportRemoteReader()
    {
        lock (_gate) _leftAt = _clock.GetTimestamp();
    }

    /// <summary>True if it runs and had no reader for the given time.</summary>
    public bool HasNoReaderFor(TimeSpan grace)
    {
        lock (_gate) return _readers == 0 && !_life.HasEnded && _clock.GetElapsedTime(_leftAt) >= grace;
    }

    /// <inheritdoc/>
    public void WriteInfo(Utf8JsonWriter writer)
    {
        SessionState state = _life.State(isAsking: Calls?.AreWaiting == true);
        new ListedSession(Id, state.ToText(), CreatedAt, ExpiresAt, Duration, ToolCalls) { Position = HasEnded ? null : Waiting?.Invoke() }.Write(writer);
    }

    /// <summary>Releases its timers. The session has ended.</summary>
    public void Dispose()
    {
        _stop.Dispose();
        Ciphers?.Dispose();
    }

    /// <summary>Ends tool calls that the session's end interrupts.</summary>
    private void EndCalls()
    {
        foreach (string call in _openCalls) Events.Add(new ToolResultApplied(call));
        _openCalls.Clear();
    }

    private void Conclude(Final final)
    {
        // If there are two last events, only the first counts, as in the event log.
        if (_life.TryEnd(final.Ok, End is { Kind: SessionEndKind.Cancel })) _owner.OnFinalEvent(this, final);
    }
}
