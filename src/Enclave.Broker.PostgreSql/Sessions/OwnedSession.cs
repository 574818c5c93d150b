using System.Collections.Concurrent;
using System.Text.Json;
using Enclave.Broker.Errors;
using Enclave.Broker.PostgreSql.Statements;
using Enclave.Broker.Sessions;
using Enclave.Sessions;
using Enclave.Streaming;

namespace Enclave.Broker.PostgreSql.Sessions;

/// <summary>A session that this broker runs.</summary>
/// <param name="session">The session.</param>
/// <param name="key">Its key in the database.</param>
/// <param name="owner">The key of its owner.</param>
/// <param name="stored">The events in the database.</param>
/// <param name="lease">The lease that it runs under.</param>
internal sealed class OwnedSession(BrokerSession session, SessionKey key, string owner, StoredEvents stored, IBrokerLease lease)
    : ISessionView, ISessionJournal
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, long> _watchers = [];
    private readonly HashSet<string> _openCalls = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _kept = new(StringComparer.Ordinal);

    private long _pending;

    public SessionKey Key => key;

    /// <summary>The key of its owner.</summary>
    public string Owner => owner;

    public BrokerSession Session => session;

    public string Id => session.Id;

    public bool IsElsewhere => false;

    /// <summary>Events that were dropped from memory are in the database.</summary>
    public long FirstKept => 1;

    public bool Holds(long seq) => session.Holds(seq);

    public void WriteInfo(Utf8JsonWriter writer) => session.WriteInfo(writer);

    public async ValueTask<ReadOutcome> ReadAsync(long from, List<LoggedEvent> events, CancellationToken cancellationToken)
    {
        if (from >= session.FirstKept
            && await session.ReadAsync(from, events, cancellationToken).ConfigureAwait(false) is var outcome && outcome != ReadOutcome.Lost) return outcome;
        return lease.IsOver
            ? ReadOutcome.Lost
            : await stored.FollowAsync(key, session.Ciphers is not null, from, events, cancellationToken).ConfigureAwait(false);
    }

    public void ReaderCame() => session.ReaderCame();

    public void ReaderLeft() => session.ReaderLeft();

    public ValueTask CancelAsync(SessionEnd why, CancellationToken cancellationToken) => session.CancelAsync(why, cancellationToken);

    public async ValueTask<BrokerError?> AnswerAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (ToolAnswer.Read(body, out BrokerError? malformed) is not { } answer) return malformed;
        // If two answers come, the database decides which was first. This answer also comes by message, perhaps earlier.
        if (await stored.AnswerAsync(key, answer, cancellationToken).ConfigureAwait(false) is { } refusal) return refusal;
        _ = answer.Give(session);
        return null;
    }

    /// <summary>Records that another broker has a reader until a time. Returns true if it had none before.</summary>
    public bool Watch(long broker, long now, long until)
    {
        session.ReportRemoteReader();
        lock (_gate)
        {
            bool isNew = !_watchers.TryGetValue(broker, out long known) || known < now;
            _watchers[broker] = until;
            return isNew;
        }
    }

    /// <summary>Collects the brokers that have readers of this session.</summary>
    public void Watchers(long now, List<long> brokers)
    {
        lock (_gate)
        {
            if (_watchers.Count == 0) return;
            foreach ((long broker, long until) in _watchers)
            {
                if (until < now) _watchers.Remove(broker);
                else brokers.Add(broker);
            }
        }
    }

    public void Keep(EventPayload payload, LoggedEvent logged) => lease.Write(Entry(payload, logged));

    public void Closed() => lease.Remove(this);

    /// <summary>Adds to the bytes that wait to be written, and returns their number.</summary>
    public long AddPending(long bytes) => Interlocked.Add(ref _pending, bytes);

    public Task WhenKept(string callId) => Kept(callId).Task;

    public void CallIsKept(string call) => Kept(call).TrySetResult();

    /// <summary>Gives up: no more events are stored, and no tool runs for it.</summary>
    public void Abandon()
    {
        session.Events.Abandon();
        session.Stop(SessionEnd.StoreLost);
        foreach (TaskCompletionSource waiting in _kept.Values) waiting.TrySetCanceled();
    }

    public static bool IsStorable(string call) => call.Length <= 200 && call.All((letter) => letter is > ' ' and <= '~');

    private StoredLine Entry(EventPayload payload, LoggedEvent logged)
    {
        string? opened = payload is ToolCall call
            && session.Request.ClientTools.Contains(call.ToolName) && IsStorable(call.CallId) && _openCalls.Add(call.CallId) ? call.CallId : null;
        string? closed = payload is ToolResultApplied applied && _openCalls.Remove(applied.CallId) ? applied.CallId : null;
        return new StoredLine(this, logged.Seq, logged.Type, Database.Bytes(logged.Sent))
        {
            State = payload is ToolCall or Final ? session.State.ToText() : null,
            ToolCalls = session.ToolCalls,
            HasEnded = payload is Final,
            Call = (payload as ToolCall)?.CallId,
            OpenedCall = opened,
            ClosedCall = closed,
        };
    }

    private TaskCompletionSource Kept(string call) =>
        _kept.GetOrAdd(call, static (_) => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
