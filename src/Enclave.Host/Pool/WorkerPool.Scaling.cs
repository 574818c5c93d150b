using Enclave.Diagnostics;
using Enclave.Isolation;
using Enclave.Processes;
using Enclave.Workers;

namespace Enclave.Pool;

/// <content>The number of workers: growth, idleness, age, failed starts.</content>
internal sealed partial class WorkerPool
{
    private static readonly TimeSpan s_leaving = TimeSpan.FromSeconds(2);

    private readonly HashSet<Worker> _leaving = [];
    private TaskCompletionSource _warm = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastLoss;
    private bool _upkeepArmed;
    private bool _sliceArmed;
    private bool _hadWorker;

    /// <summary>Completes when the permanent workers are ready.</summary>
    /// <exception cref="InvalidOperationException">Starting them failed repeatedly. The message has the last reason.</exception>
    public Task WarmUpAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // An earlier failure may be over: the next attempts decide.
            if (_warm.Task.IsFaulted && !_starts.IsBroken) _warm = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            EnsureCapacity_NeedsLock();
            if (_idle.Count + _active >= _pool.MinWorkers) _warm.TrySetResult();
            return _warm.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Starts the workers that the scaler decides on.</summary>
    private void EnsureCapacity_NeedsLock()
    {
        if (_disposed) return;
        if (_scaler.Hastens(_load))
        {
            foreach (Worker worker in _workers.Where((worker) => worker.StartsAside)) SpawnThread.Post(worker.HastenStart);
        }

        while (true)
        {
            StartDecision decision = _scaler.Decide(_load);
            if (decision.LookAgain is { } time)
            {
                _upkeepArmed = true;
                _upkeep.Change(time, Timeout.InfiniteTimeSpan);
            }

            if (decision.Start is not { } pace) return;
            LaunchOne_NeedsLock(pace);
        }
    }

    /// <summary>Schedules another decision for the time when the slices of running jobs have passed.</summary>
    private void ArmSlice_NeedsLock()
    {
        if (!_sliceArmed) _slice.Change(TenantScheduler.Slice, Timeout.InfiniteTimeSpan);
        _sliceArmed = true;
    }

    private void SliceEnded()
    {
        lock (_gate) _sliceArmed = false;
        Dispatch();
    }

    /// <summary>Replaces a worker for a tenant that waits while all idle workers are bound to others.</summary>
    private void ReplaceForeignWorker_NeedsLock()
    {
        switch (_scaler.DecideRoom(_load))
        {
            case RoomDecision.LookAgain:
                ArmSlice_NeedsLock();
                break;
            case RoomDecision.MakeRoom:
                Worker oldest = _idle.MinBy((worker) => worker.IdleSince)!;
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
        var worker = new Worker(id, process, _settings, this) { Started = _clock.GetTimestamp() };
        bool unwanted;
        lock (_gate)
        {
            _launching--;
            unwanted = _disposed;
            if (unwanted) _leaving.Add(worker);
            else _workers.Add(worker);
        }

        worker.Open();
        if (unwanted) worker.Kill(RecycleReason.Disposed, ErrorCode.PoolDisposed, "disposed while starting");
    }

    private void LaunchFailed(string why, ErrorCode code, long began)
    {
        lock (_gate)
        {
            _launching--;
            _starts.Failed(why, code, began);
            if (_disposed && _workers.Count == 0 && _leaving.Count == 0 && _launching == 0) _emptied.TrySetResult();
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

        Log.StartFailed(_log, failures, why);
        _events.StartFailed();
        if (pause is not { } delay) return;
        Log.CrashLoop(_log, delay);
        lock (_gate)
        {
            // A start may have succeeded meanwhile: WarmUpAsync then waits for workers that are still to come.
            if (!_starts.IsBroken) return;
            _warm.TrySetException(new InvalidOperationException($"No worker could be started: {why}"));
            _ = _warm.Task.Exception;
        }
    }

    private void Retire(Worker worker, RecycleReason reason)
    {
        lock (_gate) Retire_NeedsLock(worker, reason);
        Dispatch();
    }

    private void Retire_NeedsLock(Worker worker, RecycleReason reason)
    {
        _idle.Remove(worker);
        if (!_workers.Remove(worker)) return;
        _leaving.Add(worker);
        CountRecycled_NeedsLock(reason);
        _events.Recycled(reason);
        // The replacement is started first, then the worker is retired.
        EnsureCapacity_NeedsLock();
        worker.Retire(s_leaving);
    }

    /// <summary>Copy on write: recycling is rare, and a snapshot is taken for every refused run.</summary>
    private void CountRecycled_NeedsLock(RecycleReason reason)
    {
        _recycled++;
        _recycledBy = OneMore(_recycledBy, reason);
    }

    private static Dictionary<T, long> OneMore<T>(Dictionary<T, long> counts, T of)
        where T : notnull =>
        new(counts) { [of] = counts.GetValueOrDefault(of) + 1 };

    private void ArmUpkeep_NeedsLock()
    {
        if (_upkeepArmed) return;
        _upkeepArmed = true;
        long ticks = Math.Clamp(Math.Min(_pool.IdleTimeout.Ticks, _pool.MaxWorkerAge.Ticks) / 4, TimeSpan.TicksPerMillisecond * 25, TimeSpan.TicksPerMinute);
        _upkeep.Change(TimeSpan.FromTicks(ticks), Timeout.InfiniteTimeSpan);
    }

    private void Upkeep()
    {
        lock (_gate)
        {
            _upkeepArmed = false;
            if (_disposed) return;
            foreach (Worker worker in _idle.ToArray())
            {
                if (_recycling.DecideIdle(worker.Started, worker.IdleSince, _load.Total) is { } reason) Retire_NeedsLock(worker, reason);
            }

            EnsureCapacity_NeedsLock();
            if (_idle.Count > 0) ArmUpkeep_NeedsLock();
        }

        Dispatch();
    }
}
