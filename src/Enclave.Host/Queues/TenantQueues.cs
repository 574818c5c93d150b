namespace Enclave.Queues;

/// <summary>Waiting jobs, in order within a tenant and in turn between tenants. Not thread-safe: the owner's lock guards it.</summary>
internal sealed class TenantQueues<T>(int capacity, int perTenant)
    where T : class, IQueued
{
    private readonly Dictionary<string, LinkedList<T>> _byTenant = new(StringComparer.Ordinal);
    private readonly LinkedList<string> _turns = new();
    private readonly QueuedBytes _bytes = new();
    private int _count;

    /// <summary>Jobs that wait. It may be read without the owner's lock, and may then be out of date.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The waiting tenants in the order of their turns.</summary>
    public IEnumerable<string> Turns => _turns;

    /// <summary>The first job of each tenant.</summary>
    public IEnumerable<T> Heads => _byTenant.Values.Select((jobs) => jobs.First!.Value);

    /// <summary>The oldest job of a waiting tenant.</summary>
    public T HeadOf(string tenant) => _byTenant[tenant].First!.Value;

    /// <summary>Returns how many jobs of a tenant wait.</summary>
    public int CountOf(string tenant) => _byTenant.TryGetValue(tenant, out LinkedList<T>? jobs) ? jobs.Count : 0;

    /// <summary>Adds a job behind those of its tenant, if there is room for it and for the memory that it holds.</summary>
    /// <param name="job">The job.</param>
    /// <param name="ahead">Jobs that count in addition to the waiting ones.</param>
    public QueueVerdict TryAdd(T job, QueueAhead ahead = default)
    {
        QueueVerdict verdict = CheckRoom(job.TenantKey, ahead);
        if (verdict != QueueVerdict.Added) return verdict;
        if (!_bytes.HasRoomFor(job, CountOf(job.TenantKey) > 0 ? QueuedBytes.Most : 2 * QueuedBytes.Most)) return QueueVerdict.Full;
        Add(job);
        return verdict;
    }

    /// <summary>Adds a job behind those of its tenant, whether there is room or not.</summary>
    public void Add(T job) => Append(job, (jobs) => jobs.AddLast(job));

    /// <summary>The verdict for a job of this tenant after those that are already on their way.</summary>
    public QueueVerdict CheckRoom(string tenant, QueueAhead ahead)
    {
        int own = CountOf(tenant) + ahead.OfTenant, all = Count + ahead.All;
        if (own >= perTenant) return perTenant < capacity ? QueueVerdict.TenantFull : QueueVerdict.Full;
        // A tenant without a place gets one beyond the limit, so that other tenants' floods do not keep it out. In all there are at most twice as many places.
        return all >= capacity && (own > 0 || capacity == 0 || all >= capacity * 2) ? QueueVerdict.Full : QueueVerdict.Added;
    }

    /// <summary>The number of jobs that start before this one if no more come; null if it does not wait.</summary>
    /// <param name="job">The job.</param>
    /// <param name="rank">Tenants with a higher rank go first; null if all are equal.</param>
    public int? Before(T job, Func<string, int>? rank = null)
    {
        if (!_byTenant.TryGetValue(job.TenantKey, out LinkedList<T>? jobs)) return null;
        int own = jobs.TakeWhile((other) => other != job).Count();
        if (own == jobs.Count) return null;
        int before = own, mine = rank?.Invoke(job.TenantKey) ?? 0;
        bool hadItsTurn = true;
        foreach (string tenant in _turns)
        {
            if (tenant == job.TenantKey)
            {
                hadItsTurn = false;
                continue;
            }

            int theirs = rank?.Invoke(tenant) ?? 0, waiting = CountOf(tenant);
            if (theirs > mine) before += waiting;
            else if (theirs == mine) before += Math.Min(waiting, hadItsTurn ? own + 1 : own);
        }

        return before;
    }

    /// <summary>Returns a job whose worker died before the job started. It keeps its place.</summary>
    public void PutBack(T job) => Append(job, (jobs) => jobs.AddFirst(job));

    /// <summary>Adds a job before those of its tenant that have not begun, and behind those that have.</summary>
    /// <param name="job">The job, which has begun.</param>
    /// <param name="hasBegun">Says whether a waiting job has begun.</param>
    public void AddBegun(T job, Func<T, bool> hasBegun) => Append(job, (jobs) =>
    {
        LinkedListNode<T>? next = jobs.First;
        while (next is not null && hasBegun(next.Value)) next = next.Next;
        if (next is null) jobs.AddLast(job);
        else jobs.AddBefore(next, job);
    });

    /// <summary>Takes the tenant's oldest job and moves the tenant to the end of the turns.</summary>
    public T Take(string tenant)
    {
        LinkedList<T> jobs = _byTenant[tenant];
        T job = jobs.First!.Value;
        jobs.RemoveFirst();
        _bytes.Remove(job);
        _count--;
        _turns.Remove(tenant);
        if (jobs.Count == 0) _byTenant.Remove(tenant);
        else _turns.AddLast(tenant);
        return job;
    }

    /// <summary>Removes a job. Returns false if it does not wait.</summary>
    public bool Remove(T job)
    {
        if (!_byTenant.TryGetValue(job.TenantKey, out LinkedList<T>? jobs) || !jobs.Remove(job)) return false;
        _bytes.Remove(job);
        _count--;
        if (jobs.Count > 0) return true;
        _byTenant.Remove(job.TenantKey);
        _turns.Remove(job.TenantKey);
        return true;
    }

    internal List<T> Clear()
    {
        List<T> all = [.. _byTenant.Values.SelectMany((jobs) => jobs)];
        foreach (T job in all) _bytes.Remove(job);
        _byTenant.Clear();
        _turns.Clear();
        _count = 0;
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
        _bytes.Add(job);
        _count++;
    }
}
