namespace Enclave.Pool;

/// <summary>Jobs that wait, in order within a tenant and in turn between tenants. Not thread-safe: the owner's lock is around it.</summary>
internal sealed class FairQueue<T>(int capacity, int perTenant)
    where T : class, IQueued
{
    private readonly Dictionary<string, LinkedList<T>> _byTenant = new(StringComparer.Ordinal);
    private readonly LinkedList<string> _turns = new();

    public int Count { get; private set; }

    /// <summary>Tenants that wait, the one whose turn it is first.</summary>
    public IEnumerable<string> Turns => _turns;

    public int CountOf(string tenant) => _byTenant.TryGetValue(tenant, out LinkedList<T>? jobs) ? jobs.Count : 0;

    public QueueVerdict TryAdd(T job)
    {
        int own = CountOf(job.TenantKey);
        if (own >= perTenant) return perTenant < capacity ? QueueVerdict.TenantFull : QueueVerdict.Full;
        // One place beyond the last for a tenant that has none: others' floods fill the queue, not its way in. Twice the size bounds that as well.
        if (Count >= capacity && (own > 0 || capacity == 0 || Count >= capacity * 2)) return QueueVerdict.Full;
        Append(job, (jobs) => jobs.AddLast(job));
        return QueueVerdict.Added;
    }

    /// <summary>Puts back a job whose worker died before it could begin; it keeps its place.</summary>
    public void PutBack(T job) => Append(job, (jobs) => jobs.AddFirst(job));

    /// <summary>Takes the tenant's oldest job and moves the tenant to the end of the turns.</summary>
    public T Take(string tenant)
    {
        LinkedList<T> jobs = _byTenant[tenant];
        T job = jobs.First!.Value;
        jobs.RemoveFirst();
        Count--;
        _turns.Remove(tenant);
        if (jobs.Count == 0) _byTenant.Remove(tenant);
        else _turns.AddLast(tenant);
        return job;
    }

    public bool Remove(T job)
    {
        if (!_byTenant.TryGetValue(job.TenantKey, out LinkedList<T>? jobs) || !jobs.Remove(job)) return false;
        Count--;
        if (jobs.Count > 0) return true;
        _byTenant.Remove(job.TenantKey);
        _turns.Remove(job.TenantKey);
        return true;
    }

    public List<T> Clear()
    {
        List<T> all = [.. _byTenant.Values.SelectMany((jobs) => jobs)];
        _byTenant.Clear();
        _turns.Clear();
        Count = 0;
        return all;
    }

    private void Append(T job, Action<LinkedList<T>> add)
    {
        if (!_byTenant.TryGetValue(job.TenantKey, out LinkedList<T>? jobs))
        {
            _byTenant[job.TenantKey] = jobs = new LinkedList<T>();
            _turns.AddLast(job.TenantKey);
        }

        add(jobs);
        Count++;
    }
}
