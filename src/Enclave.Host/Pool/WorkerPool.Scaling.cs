using Enclave.Diagnostics;
using Enclave.Isolation;
using Enclave.Processes;
using Enclave.Workers;

namespace Enclave.Pool;

/// <content>The number of workers: growth, idleness, age, failed starts.</content>
internal sealed partial class WorkerPool
{
    private static readonly TimeSpan s_leaving = TimeSpan.FromSeconds(2);

    private TaskCompletionSource _warm = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the permanent workers are ready.</summary>
    /// <exception cref="InvalidOperationException">Starting them failed repeatedly. The message has the last reason.</exception>
    /// <exception cref="ObjectDisposedException">The pool is being disposed.</exception>
    public Task WarmUpAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // After the shutdown no worker becomes ready, so nothing would complete the task.
            if (_shutdown.HasBegun) return Task.FromException(Disposed());
            // An earlier failure may be over: the next attempts decide.
            if (_warm.Task.IsFaulted && !_starts.IsBroken) _warm = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            EnsureCapacity_NeedsLock();
            if (_idle.Count + _leases.Count >= _sizes.MinWorkers) _warm.TrySetResult();
            return _warm.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Starts the workers that the scaler decides on.</summary>
    /// <param name="coming">Jobs that may come.</param>
    private void EnsureCapacity_NeedsLock(int coming = 0)
    {
        if (_shutdown.HasBegun) return;
        if (_policies.Scaling.Hastens(_load))
        {
            foreach (PooledWorker pooled in _workers.Where((pooled) => pooled.Worker.StartsAside)) SpawnThread.Post(pooled.Worker.HastenStart);
        }

        while (true)
        {
            StartDecision decision = _policies.Scaling.Decide(_load, coming);
            if (decision.LookAgain is { } time) _upkeep.Arm_NeedsLock(time);
            if (decision.Start is not { } pace) return;
            LaunchOne_NeedsLock(pace);
        }
    }

    /// <summary>The slices of the jobs that were running have passed.</summary>
    private void SliceEnded()
    {
        lock (_gate) _slice.Disarm_NeedsLock();
        Dispatch();
    }

    /// <summary>Replaces a worker for a tenant that waits while all idle workers are bound to others.</summary>
    private void ReplaceForeignWorker_NeedsLock()
    {
        switch (_policies.Scaling.DecideRoom(_load))
        {
            case RoomDecision.LookAgain:
                _slice.Arm_NeedsLock();
                break;
            case RoomDecision.MakeRoom:
                PooledWorker oldest = _idle.MinBy((worker) => worker.IdleSince)!;
                LaunchOne_NeedsLock(StartPace.AtOnce);
                Retire_NeedsLock(oldest, RecycleReason.Tenant);
                break;
        }
    }

    private void LaunchOne_NeedsLock(StartPace pace)
    {
        _launching++;
        int id = ++_nextId;
        long began = _clock.GetTimestamp();
        _launcher.Launch(_settings.Setup, (process) => Launched(id, process, pace), (why, code) => LaunchFailed(why, code, began));
    }

    private void Launched(int id, IWorkerProcess process, StartPace pace)
    {
        if (pace == StartPace.Aside) process.Confinement?.StartAside();
        var worker = new PooledWorker(this, id, process, _settings, _clock.GetTimestamp());
        bool unwanted;
        lock (_gate)
        {
            _launching--;
            unwanted = _shutdown.HasBegun && _parked.Count == 0;
            if (unwanted) _leaving.Add(worker);
            else _workers.Add(worker);
            worker.Worker.IsAwaited = _queue.Count > 0;
        }

        worker.Worker.Open();
        if (unwanted) worker.Worker.Kill(RecycleReason.Disposed, ErrorCode.PoolDisposed, "disposed while starting");
    }

    private void LaunchFailed(string why, ErrorCode code, long began)
    {
        lock (_gate)
        {
            _launching--;
            _starts.Failed(why, code, began);
            AdvanceShutdown_NeedsLock();
        }

        StartHasFailed(why);
        Dispatch();
    }

    private void StartHasFailed(string why)
    {
        int failures;
        TimeSpan? pause = null;
        lock (_gate)
        {
            failures = _starts.Failures;
            if (_starts.IsBroken) pause = _starts.Delay;
        }

        Log.StartFailed(_settings.Log, failures, LogText.Detail(why));
        _events.StartFailed();
        if (pause is not { } delay) return;
        Log.CrashLoop(_settings.Log, delay);
        lock (_gate)
        {
            // A start may have succeeded meanwhile: WarmUpAsync then waits for workers that are still to come.
            if (!_starts.IsBroken) return;
            _warm.TrySetException(new InvalidOperationException($"No worker could be started: {why}"));
            _ = _warm.Task.Exception;
        }
    }

    private void Retire(PooledWorker worker, RecycleReason reason)
    {
        lock (_gate) Retire_NeedsLock(worker, reason);
        Dispatch();
    }

    private void Retire_NeedsLock(PooledWorker worker, RecycleReason reason)
    {
        _idle.Remove(worker);
        if (!_workers.Remove(worker)) return;
        _leaving.Add(worker);
        _counts.AddRecycled_NeedsLock(reason);
        _events.Recycled(reason);
        // The replacement is started first, then the worker is retired.
        EnsureCapacity_NeedsLock();
        worker.Worker.Retire(s_leaving);
    }

    /// <summary>The time between two looks at idle workers.</summary>
    private static TimeSpan UpkeepInterval(WorkerPoolOptions sizes) => TimeSpan.FromTicks(
        Math.Clamp(Math.Min(sizes.IdleTimeout.Ticks, sizes.MaxWorkerAge.Ticks) / 4, TimeSpan.TicksPerMillisecond * 25, TimeSpan.TicksPerMinute));

    private void Upkeep()
    {
        lock (_gate)
        {
            _upkeep.Disarm_NeedsLock();
            if (_shutdown.HasBegun) return;
            foreach (PooledWorker worker in _idle.ToArray())
            {
                if (_policies.Recycling.DecideIdle(worker.Started, worker.IdleSince, _load.Total) is { } reason) Retire_NeedsLock(worker, reason);
            }

            EnsureCapacity_NeedsLock();
            if (_idle.Count > 0) _upkeep.Arm_NeedsLock();
        }

        Dispatch();
    }
}
