using Enclave.Runs;
using Enclave.Workers;

namespace Enclave.Pool;

/// <content>Assigns jobs to workers.</content>
internal sealed partial class WorkerPool
{
    /// <summary>A worker whose job ended this recently may still be resetting its memory. Another idle one is better.</summary>
    private static readonly TimeSpan s_resetting = TimeSpan.FromMilliseconds(0.1);

    /// <summary>Assigns waiting jobs to free workers until one of them runs out, and starts missing workers.</summary>
    private void Dispatch()
    {
        while (true)
        {
            WorkerLease? lease = null;
            PooledWorker? worker = null;
            ExecutionJob? job = null;
            List<ExecutionJob>? hopeless = null;
            ErrorCode startFault = default;
            lock (_gate)
            {
                TurnDecision turn = _policies.Turns.Decide(_load);
                if (turn.LookAgain) _slice.Arm_NeedsLock();
                foreach (string tenant in turn.Tenants)
                {
                    job = _queue.HeadOf(tenant);
                    lease = job.Session?.Lease;
                    worker = lease is null ? WorkerFor_NeedsLock(tenant) : WorkerFor_NeedsLock(lease);
                    if (worker is null)
                    {
                        // It is the turn of this tenant, which has no worker. It gets one before the backlogs of other tenants continue.
                        if (_leases.CountOf(tenant) == 0) ReplaceForeignWorker_NeedsLock();
                        continue;
                    }

                    _queue.Take(tenant);
                    if (lease is not null) BeginContinuing_NeedsLock(lease);
                    Lease_NeedsLock(worker, tenant, lease);
                    break;
                }

                if (worker is null)
                {
                    MakeWay_NeedsLock();
                    if (_starts.IsBroken && _workers.Count == 0) (hopeless, startFault) = (_queue.Clear(), _starts.LastCode);
                    else if (!_shutdown.HasBegun) ReplaceForeignWorker_NeedsLock();
                    EnsureCapacity_NeedsLock();
                }
            }

            if (worker is not null)
            {
                if (lease is null) Run(worker.Lease!, job!);
                else Continue(worker, lease);
                continue;
            }

            if (hopeless is not null) SettleAll(hopeless, FailureText.StartFailed(GetSnapshot(), startFault));
            _events.Changed();
            return;
        }
    }

    private bool MayBegin_NeedsLock(string tenant)
    {
        if (_policies.Turns.MayBegin(_load, tenant)) return true;
        _slice.Arm_NeedsLock();
        return false;
    }

    private bool MayServe(PooledWorker worker, string tenant) => !_level.OneTenantPerWorker || worker.BoundTo is null || worker.BoundTo == tenant;

    private WorkerLease? LeaseFor_NeedsLock(string tenant) =>
        WorkerFor_NeedsLock(tenant) is { } worker ? Lease_NeedsLock(worker, tenant, null) : null;

    /// <summary>An idle worker for a job of this tenant.</summary>
    private PooledWorker? WorkerFor_NeedsLock(string tenant) => _shutdown.HasBegun || !MayLease_NeedsLock(tenant) ? null : PickIdle_NeedsLock(tenant);

    /// <remarks>A replacement that is ready early does not run a job in addition to the others, because the number of running jobs bounds the memory of
    /// scripts.</remarks>
    private bool MayLease_NeedsLock(string tenant) =>
        _leases.CountOf(tenant) < _policies.Scaling.MaxWorkersPerTenant && _leases.Count < _sizes.MaxWorkers;

    /// <param name="worker">An idle worker.</param>
    /// <param name="tenant">The tenant of the job.</param>
    /// <param name="parked">The lease of a job that has left another worker; null for a new job.</param>
    private WorkerLease Lease_NeedsLock(PooledWorker worker, string tenant, WorkerLease? parked)
    {
        _idle.Remove(worker);
        if (_level.OneTenantPerWorker) worker.BoundTo = tenant;
        _leases.Add_NeedsLock(tenant);
        return parked is null ? worker.Begin_NeedsLock(tenant) : worker.Begin_NeedsLock(parked);
    }

    /// <summary>The most recently used worker that has had time for its reset, or else the one that has waited longest.</summary>
    /// <remarks>If workers serve any tenant, the last one is left to tenants without a worker.</remarks>
    /// <param name="tenant">The tenant.</param>
    /// <param name="checkpoint">The one that the worker must have; null for any.</param>
    private PooledWorker? PickIdle_NeedsLock(string tenant, ISharedCheckpoint? checkpoint = null)
    {
        PooledWorker? chosen = null;
        bool bound = false;
        // While more jobs wait, the cores are busy with resets and jobs in any case: few workers then stay in the cores' caches.
        bool busy = _queue.Count > 1;
        int left = checkpoint is null && _idle.Count > 1 && !_level.OneTenantPerWorker && _leases.CountOf(tenant) > 0 ? 1 : 0;
        for (int i = _idle.Count - 1; i >= left; i--)
        {
            PooledWorker candidate = _idle[i];
            if (!MayServe(candidate, tenant) || (checkpoint is not null && candidate.Worker.Checkpoint != checkpoint)) continue;
            bool own = candidate.BoundTo == tenant;
            // Prefer a worker that is bound to this tenant to a worker that could serve any tenant.
            if (bound && !own) continue;
            if (own && !bound) (chosen, bound) = (null, true);
            if (chosen is not null && (busy || _clock.GetElapsedTime(chosen.IdleSince) >= s_resetting)) continue;
            chosen = candidate;
        }

        return chosen;
    }

    /// <summary>Gives the job to the leased worker. False if the job waits again.</summary>
    private bool Run(WorkerLease lease, ExecutionJob job)
    {
        var session = new JobSession(job, lease, _results, _sizes.MaxMessagesPerSecond, _level);
        if (lease.TryStart(session))
        {
            session.Begin();
            return true;
        }

        // The worker died between the lease and the start. The job has not begun and keeps its place.
        job.Session = null;
        lock (_gate)
        {
            if (!_shutdown.HasBegun && !job.IsSettled)
            {
                _queue.PutBack(job);
                // A job that has never waited has no timer yet.
                TimeSpan left = _sizes.QueueTimeout - job.QueueWait;
                WatchQueue(job, left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1));
                return false;
            }
        }

        Settle(job, _texts.For(job, ErrorCode.PoolDisposed, "before its start"));
        return true;
    }

    /// <summary>Ends the lease. Does nothing if it has ended already.</summary>
    private void EndLease_NeedsLock(PooledWorker worker)
    {
        if (worker.End_NeedsLock() is not { } ended) return;
        _leases.Remove_NeedsLock(ended.Tenant);
        AdvanceShutdown_NeedsLock();
    }

    private void MakeIdle(PooledWorker worker)
    {
        bool leave;
        lock (_gate)
        {
            leave = (_shutdown.HasBegun && _parked.Count == 0) || !_workers.Contains(worker);
            if (!leave)
            {
                worker.IdleSince = _clock.GetTimestamp();
                _idle.Add(worker);
                _upkeep.Arm_NeedsLock();
            }

            if (_idle.Count + _leases.Count >= _sizes.MinWorkers) _warm.TrySetResult();
        }

        if (leave) worker.Worker.Retire(s_leaving);
        else Dispatch();
    }

    private void SettleAll(List<ExecutionJob> jobs, ExecutionError error)
    {
        foreach (ExecutionJob job in jobs) Settle(job, error);
    }
}
