using Enclave.Workers;

namespace Enclave.Pool;

/// <summary>A worker in the lists of its pool, with the data for the pool's decisions. Changes need the pool's lock.</summary>
internal sealed class PooledWorker : IWorkerOwner
{
    private readonly WorkerPool _pool;

    /// <param name="pool">The pool.</param>
    /// <param name="id">The worker's number in the pool.</param>
    /// <param name="process">Its process.</param>
    /// <param name="settings">The settings of the pool's workers.</param>
    /// <param name="started">The time, by the pool's clock.</param>
    public PooledWorker(WorkerPool pool, int id, IWorkerProcess process, WorkerSettings settings, long started)
    {
        (_pool, Started) = (pool, started);
        Worker = new Worker(id, process, settings, this);
    }

    public Worker Worker { get; }

    /// <summary>The time of its start, by the pool's clock.</summary>
    public long Started { get; }

    /// <summary>The time since which it is idle, by the pool's clock.</summary>
    public long IdleSince { get; set; }

    /// <summary>The number of its leases so far.</summary>
    public int Executions { get; private set; }

    /// <summary>True if its replacement was started early.</summary>
    public bool HasReplacement { get; set; }

    /// <summary>The tenant that it is bound to; null while unbound.</summary>
    public string? BoundTo { get; set; }

    /// <summary>Its present lease; null without one.</summary>
    public WorkerLease? Lease { get; private set; }

    /// <summary>True if its last job has its answer, and its memory is compared before the next one.</summary>
    public bool IsCompared => Lease is { IsCompared: true };

    /// <summary>True if its job computes, or is about to, and has run for less than this time.</summary>
    public bool ComputesBriefly(TimeSpan time) => Lease?.ComputesBriefly(time) == true;

    /// <summary>Begins a lease for a job of this tenant.</summary>
    public WorkerLease Begin_NeedsLock(string tenant) => Begin_NeedsLock(new WorkerLease(Worker, tenant, _pool.Parks ? _pool : null));

    /// <summary>Begins the lease of a job that has left another worker.</summary>
    public WorkerLease Begin_NeedsLock(WorkerLease lease)
    {
        Executions++;
        return Lease = lease;
    }

    /// <summary>Its job has left the worker. A new lease keeps the worker until its memory has been compared.</summary>
    public void Leave_NeedsLock() => Lease = new WorkerLease(Worker, Lease!.Tenant) { IsCompared = true };

    /// <summary>Ends the lease. Returns it, or null if there is none.</summary>
    public WorkerLease? End_NeedsLock()
    {
        WorkerLease? ended = Lease;
        Lease = null;
        return ended;
    }

    void IWorkerOwner.OnReady() => _pool.OnReady(this);

    void IWorkerOwner.OnIdle() => _pool.OnIdle(this);

    void IWorkerOwner.OnWaiting() => _pool.OnWaiting();

    void IWorkerOwner.OnParked(WorkerLease lease, bool isCompared) => _pool.OnParked(this, lease, isCompared);

    void IWorkerOwner.OnLost(RecycleReason reason) => _pool.OnLost(this, reason);

    void IWorkerOwner.OnGone() => _pool.OnGone(this);

    void ISecurityObserver.OnSecurityEvent(SecurityEvent report) => _pool.OnSecurityEvent(report);
}
