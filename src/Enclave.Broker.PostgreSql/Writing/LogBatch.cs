using Enclave.Broker.PostgreSql.Sessions;

namespace Enclave.Broker.PostgreSql.Writing;

/// <summary>Events that are written together, with the changes that come with them.</summary>
internal sealed class LogBatch
{
    private const int MaxEvents = 1000;

    private const long MaxBytes = 4 << 20;

    private readonly List<StoredLine> _entries = [];
    private long _bytes;

    public bool IsEmpty => _entries.Count == 0;

    public bool IsFull => _entries.Count >= MaxEvents || _bytes >= MaxBytes;

    public long Bytes => _bytes;

    public void Add(StoredLine entry)
    {
        _entries.Add(entry);
        _bytes += entry.Line.Length;
    }

    /// <summary>The parameters of <see cref="Statements.SqlStatement.Append"/>.</summary>
    public object?[] Parameters(long broker, long now)
    {
        var changes = new Dictionary<OwnedSession, StoredLine>();
        var opened = new HashSet<(OwnedSession Session, string Call)>();
        var closed = new List<(OwnedSession Session, string Call)>();
        foreach (StoredLine entry in _entries)
        {
            if (entry.State is not null) changes[entry.Session] = entry;
            if (entry.OpenedCall is { } call) opened.Add((entry.Session, call));
            // The call ended before it was stored, so there is nothing to answer.
            if (entry.ClosedCall is { } over && !opened.Remove((entry.Session, over))) closed.Add((entry.Session, over));
        }

        (long Broker, long Session)[] told = Told(now);
        return
        [
            broker,
            Array(_entries, static (entry) => entry.Session.Key.Day),
            Array(_entries, static (entry) => entry.Session.Key.Number),
            Array(_entries, static (entry) => entry.Seq),
            Array(_entries, static (entry) => entry.Type),
            Array(_entries, static (entry) => entry.Line),
            Array(changes, static (change) => change.Key.Key.Number),
            Array(changes, static (change) => change.Value.ToolCalls),
            Array(changes, static (change) => change.Value.State!),
            Array(changes, static (change) => change.Value.HasEnded),
            Array(opened, static (call) => call.Session.Key.Day),
            Array(opened, static (call) => call.Session.Key.Number),
            Array(opened, static (call) => call.Call),
            Array(closed, static (call) => call.Session.Key.Day),
            Array(closed, static (call) => call.Session.Key.Number),
            Array(closed, static (call) => call.Call),
            Array(told, static (reader) => reader.Broker),
            Array(told, static (reader) => reader.Session),
        ];
    }

    /// <summary>The batch is written: shows its events to readers.</summary>
    public void Show()
    {
        var last = new Dictionary<OwnedSession, long>();
        foreach (StoredLine entry in _entries)
        {
            last[entry.Session] = entry.Seq;
            entry.Session.AddPending(-entry.Line.Length);
            if (entry.Call is { } call) entry.Session.CallIsKept(call);
        }

        foreach ((OwnedSession session, long seq) in last) session.Session.Events.Show(seq);
    }

    private (long Broker, long Session)[] Told(long now)
    {
        var told = new List<(long, long)>();
        var brokers = new List<long>();
        foreach (OwnedSession session in _entries.Select((entry) => entry.Session).Distinct())
        {
            brokers.Clear();
            session.Watchers(now, brokers);
            told.AddRange(brokers.Select((broker) => (broker, session.Key.Number)));
        }

        return [.. told];
    }

    private static TOut[] Array<TIn, TOut>(IReadOnlyCollection<TIn> from, Func<TIn, TOut> take)
    {
        var array = new TOut[from.Count];
        int i = 0;
        foreach (TIn one in from) array[i++] = take(one);
        return array;
    }
}
