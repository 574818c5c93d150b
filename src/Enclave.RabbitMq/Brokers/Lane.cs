using System.Diagnostics.CodeAnalysis;
using Enclave.Queues;

namespace Enclave.RabbitMq.Brokers;

/// <summary>The sessions for one queue of the server: waiting here, published, and running. Not thread-safe: guarded by the dispatcher's lock.</summary>
internal sealed class Lane(string name, int maxWaiting, Lock gate)
{
    private readonly TenantQueues<QueuedRun> _waiting = new(maxWaiting, maxWaiting);
    private readonly Dictionary<string, int> _inFlight = new(StringComparer.Ordinal);
    private readonly Dictionary<string, QueueTenant> _terms = new(StringComparer.Ordinal);
    private readonly LinkedList<QueuedRun> _order = [];
    private readonly QueueSeats _seats = new(gate);

    public string Name => name;

    public int Waiting => _waiting.Count;

    /// <summary>Number of runs that are published and have not begun.</summary>
    public int Published { get; set; }

    /// <summary>When the server last had no room, by the clock's timestamp; null if it has room.</summary>
    public long? RejectedAt { get; set; }

    /// <summary>The run that has waited longest; null if none waits.</summary>
    public QueuedRun? Oldest => _order.First?.Value;

    /// <summary>Number of waiting runs of a tenant.</summary>
    public int WaitingOf(string tenant) => _waiting.CountOf(tenant);

    /// <summary>Checks whether one more run of a tenant may come, in addition to those with a seat.</summary>
    /// <param name="tenant">Its tenant.</param>
    /// <param name="terms">The tenant's limits.</param>
    /// <param name="room">Runs that could be published now. They do not wait, so they take no place.</param>
    public QueueVerdict Evaluate(string tenant, QueueTenant terms, int room) =>
        Evaluate(tenant, terms, _seats.Ahead(tenant), room);

    /// <inheritdoc cref="QueueSeats.Take"/>
    public IDisposable TakeSeat(string tenant) => _seats.Take(tenant);

    /// <summary>How many runs begin before this one if no others come; null if it does not wait here.</summary>
    public int? Before(QueuedRun run) => _waiting.Before(run, (tenant) => _terms[tenant].Priority);

    /// <summary>Adds a run whose seat is free again, if it may come.</summary>
    public QueueVerdict TryAdd(QueuedRun run, int room)
    {
        // Do not count the seats of others: a run that had a seat must not be refused.
        QueueVerdict verdict = Evaluate(run.TenantKey, run.Tenant, default, room);
        if (verdict != QueueVerdict.Added) return verdict;
        _terms[run.TenantKey] = run.Tenant;
        _waiting.Add(run);
        _order.AddLast(run);
        return verdict;
    }

    /// <summary>Puts back a run that did not begin. It keeps its position.</summary>
    public void PutBack(QueuedRun run)
    {
        _terms[run.TenantKey] = run.Tenant;
        _waiting.PutBack(run);
        _order.AddFirst(run);
    }

    /// <summary>Takes the next run: of the tenants with the highest priority that may run one more, the one whose turn it is.</summary>
    public bool TryTake([NotNullWhen(true)] out QueuedRun? run)
    {
        run = null;
        string? next = _waiting.Turns.Where((tenant) => _inFlight.GetValueOrDefault(tenant) < (_terms[tenant].MaxRunning ?? int.MaxValue))
            .MaxBy((tenant) => _terms[tenant].Priority);
        if (next is null) return false;
        run = _waiting.Take(next);
        _order.Remove(run);
        _inFlight[next] = _inFlight.GetValueOrDefault(next) + 1;
        return true;
    }

    /// <summary>Removes a waiting run.</summary>
    public void Remove(QueuedRun run)
    {
        if (_waiting.Remove(run)) _order.Remove(run);
        Forget(run.TenantKey);
    }

    /// <summary>Called when a run that was taken has ended or came back.</summary>
    public void Release(QueuedRun run)
    {
        if (--_inFlight[run.TenantKey] == 0) _inFlight.Remove(run.TenantKey);
        Forget(run.TenantKey);
    }

    private QueueVerdict Evaluate(string tenant, QueueTenant terms, QueueAhead expected, int room)
    {
        room = Math.Max(0, Math.Min(room, (terms.MaxRunning ?? int.MaxValue) - _inFlight.GetValueOrDefault(tenant)));
        var ahead = new QueueAhead(expected.All - room, expected.OfTenant - room);
        if (terms.MaxWaiting is { } most && _waiting.CountOf(tenant) + ahead.OfTenant >= most) return QueueVerdict.TenantFull;
        return _waiting.CheckRoom(tenant, ahead);
    }

    private void Forget(string tenant)
    {
        if (!_inFlight.ContainsKey(tenant) && _waiting.CountOf(tenant) == 0) _terms.Remove(tenant);
    }
}
