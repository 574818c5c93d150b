using System.Diagnostics.CodeAnalysis;
using Enclave.Queues;

namespace Enclave.RabbitMq.Brokers;

/// <summary>The sessions for one queue of the server: those that wait here, those on their way, those that run. Not thread-safe: the dispatcher's lock is around it.</summary>
internal sealed class Lane(string name, int maxWaiting)
{
    private readonly FairQueue<QueuedRun> _waiting = new(maxWaiting, maxWaiting);
    private readonly Dictionary<string, int> _inFlight = new(StringComparer.Ordinal);
    private readonly Dictionary<string, QueueTenant> _terms = new(StringComparer.Ordinal);
    private readonly LinkedList<QueuedRun> _order = [];
    private readonly Dictionary<string, int> _expected = new(StringComparer.Ordinal);
    private int _expectedOfAll;

    public string Name => name;

    public int Waiting => _waiting.Count;

    /// <summary>Runs that are published and have not begun.</summary>
    public int Published { get; set; }

    /// <summary>When the server may be asked again after it had no room, by the clock's timestamp; null when it has.</summary>
    public long? RejectedAt { get; set; }

    /// <summary>The one that waits longest; null when none does.</summary>
    public QueuedRun? Oldest => _order.First?.Value;

    /// <summary>How many of a tenant wait.</summary>
    public int WaitingOf(string tenant) => _waiting.CountOf(tenant);

    /// <summary>Whether one more of a tenant may come after those that are expected.</summary>
    public QueueVerdict Evaluate(string tenant, QueueTenant terms)
    {
        int own = _expected.GetValueOrDefault(tenant);
        if (terms.MaxWaiting is { } most && _waiting.CountOf(tenant) + own >= most) return QueueVerdict.TenantFull;
        return _waiting.Look(tenant, new QueueAhead(_expectedOfAll, own));
    }

    /// <summary>One of a tenant will come.</summary>
    public void Expect(string tenant)
    {
        _expectedOfAll++;
        _expected[tenant] = _expected.GetValueOrDefault(tenant) + 1;
    }

    /// <summary>One that was expected has come, or will not.</summary>
    public void Arrived(string tenant)
    {
        _expectedOfAll--;
        if (--_expected[tenant] == 0) _expected.Remove(tenant);
    }

    /// <summary>How many begin before this one if nobody else comes; null when it does not wait here.</summary>
    public int? Before(QueuedRun run) => _waiting.Before(run, (tenant) => _terms[tenant].Priority);

    public QueueVerdict TryAdd(QueuedRun run)
    {
        _terms[run.TenantKey] = run.Tenant;
        QueueVerdict verdict = run.Tenant.MaxWaiting is { } most && _waiting.CountOf(run.TenantKey) >= most ? QueueVerdict.TenantFull : _waiting.TryAdd(run);
        if (verdict == QueueVerdict.Added) _order.AddLast(run);
        else Forget(run.TenantKey);
        return verdict;
    }

    /// <summary>Puts back one that did not begin; it keeps its place.</summary>
    public void PutBack(QueuedRun run)
    {
        _terms[run.TenantKey] = run.Tenant;
        _waiting.PutBack(run);
        _order.AddFirst(run);
    }

    /// <summary>The next one: of the tenants with the highest priority that may have one more, the one whose turn it is.</summary>
    public bool TryTake([NotNullWhen(true)] out QueuedRun? run)
    {
        run = null;
        string? next = _waiting.Turns.Where((tenant) => _inFlight.GetValueOrDefault(tenant) < (_terms[tenant].MaxRunning ?? int.MaxValue)).MaxBy((tenant) => _terms[tenant].Priority);
        if (next is null) return false;
        run = _waiting.Take(next);
        _order.Remove(run);
        _inFlight[next] = _inFlight.GetValueOrDefault(next) + 1;
        return true;
    }

    /// <summary>Takes one out that waits.</summary>
    public void Remove(QueuedRun run)
    {
        if (_waiting.Remove(run)) _order.Remove(run);
        Forget(run.TenantKey);
    }

    /// <summary>One that was taken has come to its end, or back.</summary>
    public void Left(QueuedRun run)
    {
        if (--_inFlight[run.TenantKey] == 0) _inFlight.Remove(run.TenantKey);
        Forget(run.TenantKey);
    }

    private void Forget(string tenant)
    {
        if (!_inFlight.ContainsKey(tenant) && _waiting.CountOf(tenant) == 0) _terms.Remove(tenant);
    }
}
