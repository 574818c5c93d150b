using Enclave.Runs;
using Enclave.Workers;

namespace Enclave.Pool;

/// <content>Which job goes to which worker.</content>
internal sealed partial class WorkerPool
{
    /// <summary>A worker that ended a job this recently may still be taking its memory back; another idle one is the better choice.</summary>
    private static readonly TimeSpan s_resetting = TimeSpan.FromMilliseconds(0.1);

    /// <summary>Brings waiting jobs and free workers together until one of them runs out, and starts what is missing.</summary>
    private void Dispatch()
    {
        while (true)
        {
            Worker? worker = null;
            ExecutionJob? job = null;
            List<ExecutionJob>? hopeless = null;
            lock (_gate)
            {
                TurnDecision turn = _scheduler.Decide(_load);
                if (turn.LookAgain) ArmSlice_NeedsLock();
                foreach (string tenant in turn.Tenants)
                {
                    worker = LeaseFor_NeedsLock(tenant);
                    if (worker is null)
                    {
                        // It is this tenant's turn, and it holds nothing: it gets room before the others' backlog goes on.
                        if (!_activeByTenant.ContainsKey(tenant)) ReplaceForeignWorker_NeedsLock();
                        continue;
                    }

                    job = _queue.Take(tenant);
                    break;
                }

                if (worker is null)
                {
                    if (_starts.IsBroken && _workers.Count == 0) hopeless = _queue.Clear();
                    else if (!_disposed) ReplaceForeignWorker_NeedsLock();
                    EnsureCapacity_NeedsLock();
                }
            }

            if (worker is not null)
            {
                Run(worker, job!);
                continue;
            }

            if (hopeless is not null) SettleAll(hopeless, FailureText.StartFailed(GetSnapshot(), _starts.LastCode));
            _events.Changed();
            return;
        }
    }

    private bool MayBegin_NeedsLock(string tenant)
    {
        if (_scheduler.MayBegin(_load, tenant)) return true;
        ArmSlice_NeedsLock();
        return false;
    }

    /// <summary>Workers that only wait for a core to serve this tenant: its jobs find room in the queue for them, whatever its size.</summary>
    private int FreeFor_NeedsLock(string tenant)
    {
        // Those whose memory is being compared count as leased, and are idle in a moment.
        int compared = _workers.Count((worker) => worker.IsCompared && MayServe(worker, tenant));
        int ofTenant = _workers.Count((worker) => worker.IsCompared && worker.LeasedTo == tenant);
        return Math.Min(_idle.Count((worker) => MayServe(worker, tenant)) + compared, _scaler.MaxWorkersPerTenant - _activeByTenant.GetValueOrDefault(tenant) + ofTenant);
    }

    private bool MayServe(Worker worker, string tenant) => !_level.OneTenantPerWorker || worker.Tenant is null || worker.Tenant == tenant;

    private Worker? LeaseFor_NeedsLock(string tenant)
    {
        int held = _activeByTenant.GetValueOrDefault(tenant);
        if (_disposed || held >= _scaler.MaxWorkersPerTenant) return null;
        Worker? worker = PickIdle_NeedsLock(tenant);
        if (worker is null) return null;
        _idle.Remove(worker);
        worker.Executions++;
        worker.LeasedTo = tenant;
        if (_level.OneTenantPerWorker) worker.Tenant = tenant;
        _active++;
        _activeByTenant[tenant] = held + 1;
        return worker;
    }

    /// <summary>The most recently used worker that has had time for its reset, else the one that has waited longest.</summary>
    /// <remarks>Where any worker serves all, the last one is left to tenants that have none.</remarks>
    private Worker? PickIdle_NeedsLock(string tenant)
    {
        Worker? chosen = null;
        bool bound = false;
        int left = _idle.Count > 1 && !_level.OneTenantPerWorker && _activeByTenant.ContainsKey(tenant) ? 1 : 0;
        for (int i = _idle.Count - 1; i >= left; i--)
        {
            Worker candidate = _idle[i];
            if (!MayServe(candidate, tenant)) continue;
            bool own = candidate.Tenant == tenant;
            // A worker already bound to this tenant comes before one that could still serve any.
            if (bound && !own) continue;
            if (own && !bound) (chosen, bound) = (null, true);
            if (chosen is not null && _clock.GetElapsedTime(chosen.IdleSince) >= s_resetting) continue;
            chosen = candidate;
        }

        return chosen;
    }

    /// <summary>Gives the job to the worker. False when it waits again.</summary>
    private bool Run(Worker worker, ExecutionJob job)
    {
        var session = new JobSession(job, _results, _pool.MaxMessagesPerSecond);
        if (worker.TryStart(session)) return true;
        // It died between the lease and the start; the job has not begun and keeps its place.
        lock (_gate)
        {
            if (!_disposed && !job.IsSettled)
            {
                _queue.PutBack(job);
                // It may never have waited before, and a timer of its first wait may have found it gone.
                TimeSpan left = _pool.QueueTimeout - job.QueueWait;
                WatchQueue(job, left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1));
                return false;
            }
        }

        Settle(job, _texts.For(job, ErrorCode.PoolDisposed, "before its start"));
        return true;
    }

    /// <summary>Ends the lease. Harmless when it has ended already.</summary>
    private void EndLease_NeedsLock(Worker worker)
    {
        if (worker.LeasedTo is not { } tenant) return;
        worker.LeasedTo = null;
        _active--;
        int held = _activeByTenant[tenant] - 1;
        if (held == 0) _activeByTenant.Remove(tenant);
        else _activeByTenant[tenant] = held;
        if (_disposed && _active == 0) _drained.TrySetResult();
    }

    private void MakeIdle(Worker worker)
    {
        bool leave;
        lock (_gate)
        {
            leave = _disposed || !_workers.Contains(worker);
            if (!leave)
            {
                worker.IdleSince = _clock.GetTimestamp();
                _idle.Add(worker);
                ArmUpkeep_NeedsLock();
            }

            if (_idle.Count + _active >= _pool.MinWorkers) _warm.TrySetResult();
        }

        if (leave) worker.Retire(s_leaving);
        else Dispatch();
    }

    private void SettleAll(List<ExecutionJob> jobs, ExecutionError error)
    {
        foreach (ExecutionJob job in jobs) Settle(job, error);
    }
}
