using Enclave.Diagnostics;
using Enclave.Isolation;
using Enclave.Processes;
using Enclave.Workers;

namespace Enclave.Pool;

/// <content>How many workers there are: growth, idleness, age, failed starts.</content>
internal sealed partial class WorkerPool
{
    private static readonly int s_cores = Environment.ProcessorCount;

    private static readonly TimeSpan s_leaving = TimeSpan.FromSeconds(2);

    /// <summary>A start mostly waits for the kernel, which moves the worker into its control group. More at once would slow the jobs that run.</summary>
    private const int StartsAtOnce = 16;

    /// <summary>Before the first is ready a core is left to the host, which then compiles its own code: whoever waits for the first answer has it sooner.</summary>
    private static readonly int s_firstStartsAtOnce = Math.Max(1, s_cores - 1);

    private static readonly TimeSpan s_unhurried = TimeSpan.FromMilliseconds(2);

    /// <summary>A job that has run for less is expected to end before another worker would have started. With one of those on every core, more workers would only divide the cores; behind others, which are long or wait for tools, nobody has to wait.</summary>
    private static readonly TimeSpan s_brief = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a job has a core for itself. Most end sooner, and those of all tenants are then answered in turn and not all at once; behind one that takes longer nobody waits any more.</summary>
    private static readonly TimeSpan s_slice = TimeSpan.FromMilliseconds(5);

    private readonly HashSet<Worker> _leaving = [];
    private TaskCompletionSource _warm = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastLoss;
    private bool _upkeepArmed;
    private bool _sliceArmed;
    private bool _hadWorker;

    /// <summary>Completes when the workers that are always kept are ready.</summary>
    /// <exception cref="InvalidOperationException">Starting them failed repeatedly; the message has the last reason.</exception>
    public Task WarmUpAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // What failed before may work now: the next attempts decide.
            if (_warm.Task.IsFaulted && !_starts.IsBroken) _warm = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            EnsureCapacity();
            if (_idle.Count + _active >= _pool.MinWorkers) _warm.TrySetResult();
            return _warm.Task.WaitAsync(cancellationToken);
        }
    }

    private void EnsureCapacity()
    {
        if (_disposed) return;
        if (_queue.Count > 0) HastenStarts();
        while (WantsAnother())
        {
            TimeSpan wait = _starts.Wait;
            if (wait > TimeSpan.Zero)
            {
                _upkeepArmed = true;
                _upkeep.Change(wait + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
                return;
            }

            // Starting a process takes a core for a while. One that nobody waits for leaves the first moments to whoever just got an answer.
            if (_idle.Count > 0 && _queue.Count == 0 && _lastLoss != 0 && _clock.GetElapsedTime(_lastLoss) < s_unhurried)
            {
                _upkeepArmed = true;
                _upkeep.Change(s_unhurried, Timeout.InfiniteTimeSpan);
                return;
            }

            // After a failure one attempt at a time.
            if (_starts.Failures > 0 && Starting > 0) return;
            LaunchOne(_active > 0 && _queue.Count == 0 ? StartPace.Aside : StartPace.AtOnce);
        }
    }

    private int Starting => Total - _idle.Count - _active;

    private bool WantsAnother()
    {
        if (Total >= _pool.MaxWorkers || Starting >= (_hadWorker ? StartsAtOnce : s_firstStartsAtOnce)) return false;
        if (Total < _pool.MinWorkers) return true;
        if (Starting < _queue.Count && Starting + Compared < _queue.Count && !IsPatient()) return true;
        return _level.OneTenantPerWorker && UnboundWorkers < _pool.SpareWorkers;
    }

    /// <summary>Whether who waits would gain nothing by another worker yet; another look is then taken in time.</summary>
    private bool IsPatient()
    {
        // One worker beyond the cores rests, with isolates ready for whoever comes without one.
        if (Starting + Computing(s_brief) < s_cores || Total <= s_cores) return false;
        _upkeepArmed = true;
        _upkeep.Change(s_brief, Timeout.InfiniteTimeSpan);
        return true;
    }

    /// <summary>Whether so many jobs, a core for each, began just now; another look is then taken in time.</summary>
    private bool AreTaken(int cores)
    {
        if (_active < cores || Computing(s_slice) < cores) return false;
        if (!_sliceArmed) _slice.Change(s_slice, Timeout.InfiniteTimeSpan);
        _sliceArmed = true;
        return true;
    }

    /// <summary>Workers that are idle in a moment, when their memory has been compared.</summary>
    private int Compared => _workers.Count((worker) => worker.IsCompared);

    private int Computing(TimeSpan time) => _workers.Count((worker) => worker.ComputesBriefly(time));

    private void SliceEnded()
    {
        lock (_gate) _sliceArmed = false;
        Dispatch();
    }

    private int UnboundWorkers => _launching + _workers.Count((worker) => worker.Tenant is null);

    /// <summary>Where a worker serves one tenant: the pool is full, somebody waits, and the idle workers are all others'. The longest idle one makes room.</summary>
    private void ReplaceForeignWorker()
    {
        if (!_level.OneTenantPerWorker || Total < _pool.MaxWorkers || Starting > 0 || AreTaken(s_cores)) return;
        bool waits = _queue.Turns.Any((tenant) => _activeByTenant.GetValueOrDefault(tenant) < MaxWorkersPerTenant);
        if (!waits || _idle.Count == 0) return;
        Worker oldest = _idle.MinBy((worker) => worker.IdleSince)!;
        LaunchOne(StartPace.AtOnce);
        RetireUnderLock(oldest, RecycleReason.Tenant);
    }

    /// <summary>Somebody waits: for those that start, if fewer are ready than there are cores, or if those that are may be others'.</summary>
    private void HastenStarts()
    {
        if (!_level.OneTenantPerWorker && _idle.Count + _active >= Math.Min(s_cores, _pool.MaxWorkers)) return;
        foreach (Worker worker in _workers.Where((worker) => worker.StartsAside)) SpawnThread.Post(worker.HastenStart);
    }

    private void LaunchOne(StartPace pace)
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
        Log.StartFailed(_log, _starts.Failures, why);
        _events.StartFailed();
        if (!_starts.IsBroken) return;
        Log.CrashLoop(_log, _starts.Delay);
        _warm.TrySetException(new InvalidOperationException($"No worker could be started: {why}"));
        _ = _warm.Task.Exception;
    }

    private void Retire(Worker worker, RecycleReason reason)
    {
        lock (_gate) RetireUnderLock(worker, reason);
        Dispatch();
    }

    private void RetireUnderLock(Worker worker, RecycleReason reason)
    {
        _idle.Remove(worker);
        if (!_workers.Remove(worker)) return;
        _leaving.Add(worker);
        CountRecycledUnderLock(reason);
        _events.Recycled(reason);
        // The replacement is started first, then the worker is told.
        EnsureCapacity();
        worker.Leave(s_leaving);
    }

    /// <summary>A new dictionary for each: lives of workers end seldom, and snapshots are taken for every refused run.</summary>
    private void CountRecycledUnderLock(RecycleReason reason)
    {
        _recycled++;
        _recycledBy = OneMore(_recycledBy, reason);
    }

    private static Dictionary<T, long> OneMore<T>(Dictionary<T, long> counts, T of)
        where T : notnull =>
        new(counts) { [of] = counts.GetValueOrDefault(of) + 1 };

    private void ArmUpkeep()
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
                if (_clock.GetElapsedTime(worker.Started) > _pool.MaxWorkerAge) RetireUnderLock(worker, RecycleReason.Age);
                else if (Total > _pool.MinWorkers && _clock.GetElapsedTime(worker.IdleSince) > _pool.IdleTimeout) RetireUnderLock(worker, RecycleReason.Idle);
            }

            EnsureCapacity();
            if (_idle.Count > 0) ArmUpkeep();
        }

        Dispatch();
    }
}
