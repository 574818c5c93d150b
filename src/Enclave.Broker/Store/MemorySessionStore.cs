using Enclave.Broker.Access;
using Enclave.Broker.Errors;
using Enclave.Broker.Sessions;

namespace Enclave.Broker.Store;

/// <summary>The sessions of this process, and those that ended recently.</summary>
internal sealed class MemorySessionStore(BrokerOptions options) : ISessionStore, IDisposable
{
    /// <summary>Memory that all ended sessions may hold together, but for the newest.</summary>
    private const long MaxEndedBytes = 64 << 20;

    /// <summary>Sessions in one list, the newest ones.</summary>
    private const int MaxListed = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string? Owner, string Id), BrokerSession> _sessions = [];
    private readonly Dictionary<(string? Owner, string Key), BrokerSession> _byKey = [];
    private readonly EndedSessions _ended = new();
    private readonly Dictionary<string, int> _runningOf = new(StringComparer.Ordinal);

    public bool IsReady => true;

    public int Known
    {
        get
        {
            lock (_gate) return _sessions.Count;
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask<AdmitOutcome> AdmitAsync(BrokerSession session, CancellationToken cancellationToken)
    {
        lock (_gate) return new(Admit(session));
    }

    public ValueTask<ISessionView?> FindAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        lock (_gate) return new(_sessions.GetValueOrDefault((caller.Owner, id)));
    }

    public ValueTask<IReadOnlyList<ISessionView>> ListAsync(Caller caller, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            IEnumerable<BrokerSession> own = _sessions.Where((entry) => entry.Key.Owner == caller.Owner).Select((entry) => entry.Value);
            return new([.. own.OrderByDescending((session) => session.CreatedAt).Take(MaxListed)]);
        }
    }

    public ValueTask<bool> RemoveAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        BrokerSession? session;
        lock (_gate)
        {
            if (!_sessions.TryGetValue((caller.Owner, id), out session)) return new(false);
        }

        session.Stop(SessionEnd.Cancelled(null));
        lock (_gate) return new(Forget(session));
    }

    public void OnFinalEvent(BrokerSession session)
    {
        string owner = session.Caller.Owner ?? "";
        lock (_gate)
        {
            if (--_runningOf[owner] == 0) _runningOf.Remove(owner);
        }
    }

    public void OnRunEnded(BrokerSession session)
    {
        lock (_gate)
        {
            _ended.Add(session);
            while (_ended.Bytes > MaxEndedBytes && _ended.FindLeastNeeded() is { } least) Drop(least);
        }
    }

    public void Sweep()
    {
        lock (_gate)
        {
            foreach (BrokerSession oldest in _ended.Oldest.TakeWhile((session) => session.SinceEnd >= options.Retention))
            {
                // A session with readers keeps its memory counted until they have read to the end, unless other sessions need the room.
                if (oldest.HasReaders) Forget(oldest);
                else Drop(oldest);
            }
        }
    }

    public Task DrainingAsync() => Task.CompletedTask;

    public Task FlushAsync(TimeSpan patience) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>For containers that are disposed without awaiting. It holds nothing but memory.</summary>
    public void Dispose()
    {
    }

    private AdmitOutcome Admit(BrokerSession session)
    {
        SessionRequest request = session.Request;
        string? owner = session.Caller.Owner;
        if (request.IdempotencyKey is { } key && _byKey.TryGetValue((owner, key), out BrokerSession? before))
        {
            return request.Digest.Span.SequenceEqual(before.Request.Digest.Span) ? AdmitOutcome.Again(before) : AdmitOutcome.Refused(BrokerError.KeyReused);
        }

        if (_sessions.TryGetValue((owner, session.Id), out BrokerSession? other) && !other.HasEnded)
            return AdmitOutcome.Refused(BrokerError.Exists(session.Id));
        int running = _runningOf.GetValueOrDefault(owner ?? "");
        if (running >= options.MaxSessionsPerOwner) return AdmitOutcome.Refused(BrokerError.OwnerFull(options.MaxSessionsPerOwner));
        if (other is not null) Forget(other);
        _sessions.Add((owner, session.Id), session);
        if (request.IdempotencyKey is not null) _byKey.Add((owner, request.IdempotencyKey), session);
        _runningOf[owner ?? ""] = running + 1;
        return AdmitOutcome.Taken(session);
    }

    private void Drop(BrokerSession session)
    {
        _ended.Remove(session);
        Forget(session);
        session.Events.Drop();
        session.Dispose();
    }

    private bool Forget(BrokerSession session)
    {
        string? owner = session.Caller.Owner;
        if (session.Request.IdempotencyKey is { } key && _byKey.GetValueOrDefault((owner, key)) == session) _byKey.Remove((owner, key));
        return _sessions.TryGetValue((owner, session.Id), out BrokerSession? known) && known == session && _sessions.Remove((owner, session.Id));
    }
}
