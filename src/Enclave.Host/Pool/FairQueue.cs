using Enclave.Execution;

namespace Enclave.Pool;

/// <summary>Jobs that wait, in order within a tenant and in turn between tenants. Not thread-safe: the pool's lock is around it.</summary>
internal sealed class FairQueue(int capacity, int perTenant)
{
    private readonly Dictionary<string, LinkedList<ExecutionJob>> _byTenant = new(StringComparer.Ordinal);
    private readonly LinkedList<string> _turns = new();

    public int Count { get; private set; }

    /// <summary>Tenants that wait, the one whose turn it is first.</summary>
    public IEnumerable<string> Turns => _turns;

    /// <summary>How long the job has waited whose turn is next; zero when none waits.</summary>
    public TimeSpan NextWait => _turns.First is { } turn ? _byTenant[turn.Value].First!.Value.QueueWait : TimeSpan.Zero;

    public int CountOf(string tenant) => _byTenant.TryGetValue(tenant, out LinkedList<ExecutionJob>? jobs) ? jobs.Count : 0;

    public QueueVerdict TryAdd(ExecutionJob job)
    {
        int own = CountOf(job.TenantKey);
        if (own >= perTenant) return perTenant < capacity ? QueueVerdict.TenantFull : QueueVerdict.Full;
        // One place beyond the last for a tenant that has none: others' floods fill the queue, not its way in. Twice the size bounds that as well.
        if (Count >= capacity && (own > 0 || capacity == 0 || Count >= capacity * 2)) return QueueVerdict.Full;
        Append(job, (jobs) => jobs.AddLast(job));
        return QueueVerdict.Added;
    }

    /// <summary>Puts back a job whose worker died before it could begin; it keeps its place.</summary>
    public void PutBack(ExecutionJob job) => Append(job, (jobs) => jobs.AddFirst(job));

    /// <summary>Takes the tenant's oldest job and moves the tenant to the end of the turns.</summary>
    public ExecutionJob Take(string tenant)
    {
        LinkedList<ExecutionJob> jobs = _byTenant[tenant];
        ExecutionJob job = jobs.First!.Value;
        jobs.RemoveFirst();
        Count--;
        _turns.Remove(tenant);
        if (jobs.Count == 0) _byTenant.Remove(tenant);
        else _turns.AddLast(tenant);
        return job;
    }

    public bool Remove(ExecutionJob job)
    {
        if (!_byTenant.TryGetValue(job.TenantKey, out LinkedList<ExecutionJob>? jobs) || !jobs.Remove(job)) return false;
        Count--;
        if (jobs.Count > 0) return true;
        _byTenant.Remove(job.TenantKey);
        _turns.Remove(job.TenantKey);
        return true;
    }

    public List<ExecutionJob> Clear()
    {
        List<ExecutionJob> all = [.. _byTenant.Values.SelectMany((jobs) => jobs)];
        _byTenant.Clear();
        _turns.Clear();
        Count = 0;
        return all;
    }

    private void Append(ExecutionJob job, Action<LinkedList<ExecutionJob>> add)
    {
        if (!_byTenant.TryGetValue(job.TenantKey, out LinkedList<ExecutionJob>? jobs))
        {
            _byTenant[job.TenantKey] = jobs = new LinkedList<ExecutionJob>();
            _turns.AddLast(job.TenantKey);
        }

        add(jobs);
        Count++;
    }
}
