using Enclave.Diagnostics;
using Enclave.Isolation;
using Enclave.Limits;
using Enclave.Queues;
using Enclave.Runs;
using Enclave.Workers;
using Microsoft.Extensions.Logging;

namespace Enclave.Pool;

/// <summary>Leases workers to jobs. One lock guards the lists. Starting, sending and settling happen outside of it.</summary>
internal sealed partial class WorkerPool : ISecurityObserver, IJobOwner, IAsyncDisposable
{
    /// <summary>The name in ObjectDisposedException: callers know the host, not its pool.</summary>
    private const string Owner = "EnclaveHost";

    private readonly Lock _gate = new();
    private readonly IWorkerLauncher _launcher;
    private readonly ResultBuilder _results;
    private readonly FailureText _texts;
    private readonly WorkerSettings _settings;
    private readonly PoolPolicies _policies;
    private readonly Load _load;
    private readonly StartGate _starts;
    private readonly TenantQueues<ExecutionJob> _queue;
    private readonly PoolEvents _events;
    private readonly TimeProvider _clock;
    private readonly PoolTimer _upkeep;
    private readonly PoolTimer _slice;
    private readonly WorkerPoolOptions _sizes;
    private readonly LevelLimits _level;
    private readonly PoolCounts _counts = new();
    private readonly PoolShutdown _shutdown = new();
    private readonly List<PooledWorker> _workers = [];
    private readonly List<PooledWorker> _idle = [];
    private readonly HashSet<PooledWorker> _leaving = [];
    private readonly TenantLeases _leases = new();
    private int _launching;
    private int _nextId;

    public WorkerPool(PoolSettings settings, IWorkerLauncher launcher, ResultBuilder results, EnclaveMetrics metrics, ILogger log)
    {
        WorkerPoolOptions pool = settings.Sizes;
        LevelLimits level = LevelLimits.For(settings.Level);
        (_launcher, _results, _clock) = (launcher, results, settings.Clock);
        (_sizes, _level, _texts) = (pool, level, new FailureText(pool));
        _settings = new WorkerSettings(pool.MemoryLimitPerWorker, level.KillGrace, new DeadlineClock(), log)
        {
            Comparison = settings.Comparison == ResetComparison.ByLevel ? level.ResetComparison : settings.Comparison,
            Setup = new WorkerSetup(
                pool.MaxMessageBytes, settings.MemoryLimit, pool.MemoryLimitPerWorker, level.RemovedGlobals, (int)level.ClockStep.TotalMilliseconds,
                pool.StartTimeout)
            {
                Libraries = settings.Libraries.Programs,
            },
        };
        _policies = PoolPolicies.For(pool, level, _clock);
        _load = new Load(this);
        _starts = new StartGate(_clock);
        _queue = new TenantQueues<ExecutionJob>(pool.MaxQueueSize, pool.MaxQueuedPerTenant ?? pool.MaxQueueSize);
        _events = new PoolEvents(settings, TakeSnapshot, metrics, log);
        _upkeep = new PoolTimer(_clock, UpkeepInterval(pool), Upkeep);
        _slice = new PoolTimer(_clock, TenantScheduler.Slice, SliceEnded);
    }

    /// <summary>The pool of outer isolates, for the snapshot. It never uses this pool.</summary>
    public Func<PoolSnapshot?>? Outer { get; init; }

    /// <summary>Why no worker can be started; null if a worker is ready or may become so.</summary>
    public ErrorCode? BrokenBy
    {
        get
        {
            lock (_gate) return _starts.IsBroken && _idle.Count + _leases.Count == 0 ? _starts.LastCode : null;
        }
    }

    /// <summary>Starts the permanent workers.</summary>
    public void Open()
    {
        lock (_gate) EnsureCapacity_NeedsLock();
    }

    /// <summary>Callers know the owner, not its pool.</summary>
    private static ObjectDisposedException Disposed() => new($"Enclave.{Owner}");

    /// <summary>A script is being examined, and its job may follow: a pool without a worker starts one meanwhile.</summary>
    public void Expect()
    {
        // Read without the lock, which each job would take: at worst the job itself starts the worker.
        if (_workers.Count > 0) return;
        lock (_gate) EnsureCapacity_NeedsLock(coming: 1);
    }

    /// <summary>Takes a job: gives it to a worker at once, queues it, or refuses it with a reason.</summary>
    public void Submit(ExecutionJob job)
    {
        WorkerLease? lease;
        ExecutionError? refusal = null;
        lock (_gate)
        {
            if (_shutdown.HasBegun) throw Disposed();
            _counts.AddSubmitted_NeedsLock();
            job.Owner = this;
            lease = _queue.CountOf(job.TenantKey) == 0 && MayBegin_NeedsLock(job.TenantKey) ? LeaseFor_NeedsLock(job.TenantKey) : null;
            if (lease is null) refusal = Enqueue_NeedsLock(job);
        }

        _events.Changed();
        if (lease is not null)
        {
            // The thread that reported the worker's death may have read the queue before the job was back in it.
            if (!Run(lease, job)) Dispatch();
        }
        else if (refusal is not null)
        {
            job.Refuse(Failure(job, refusal));
            _events.Changed();
        }
    }

    /// <summary>Cancels a job for its caller. Returns true if the job had no answer yet.</summary>
    public void Cancel(ExecutionJob job, CancellationToken token)
    {
        lock (_gate) _queue.Remove(job);
        if (!job.TryCancel(token)) return;
        // A job that its dying worker returned meanwhile.
        lock (_gate) _queue.Remove(job);
        job.Session?.Cancel();
        _events.Changed();
    }

    /// <summary>The refusal that the next job of this tenant would get, after those that are already on their way; null for none.</summary>
    public QueueVerdict CheckRoom(string tenant, QueueAhead ahead)
    {
        lock (_gate) return _queue.CheckRoom(tenant, _policies.Scaling.AheadOf(_load, tenant, ahead));
    }

    /// <summary>The queue position of a job; null if it does not wait.</summary>
    public QueuePosition? PositionOf(ExecutionJob job)
    {
        lock (_gate) return _queue.Before(job) is { } before ? new QueuePosition(before + 1, _queue.Count) : null;
    }

    public PoolSnapshot GetSnapshot()
    {
        lock (_gate)
        {
            return new PoolSnapshot
            {
                Workers = _load.Total,
                ActiveWorkers = _leases.Count,
                IdleWorkers = _idle.Count,
                ParkedRuns = _parked.Count,
                StartingWorkers = _load.Starting,
                QueueDepth = _queue.Count,
                PeakQueueDepth = _counts.QueuePeak,
                QueueAge = _queue.Count == 0 ? TimeSpan.Zero : _queue.Heads.Max((job) => job.QueueWait),
                MaxWorkers = _sizes.MaxWorkers,
                Submitted = _counts.Submitted,
                Settled = _counts.Settled,
                Recycled = _counts.Recycled,
                RecycledBy = _counts.RecycledBy,
                SecurityEventsBy = _counts.SecurityEventsBy,
                LastStartFailure = _starts.LastFailure,
                Outer = Outer?.Invoke(),
                IsCrashLooping = _starts.IsBroken,
            };
        }
    }

    /// <summary>The snapshot for the owner's callback. The next one has the peaks since this one.</summary>
    private PoolSnapshot TakeSnapshot()
    {
        lock (_gate)
        {
            PoolSnapshot snapshot = GetSnapshot();
            _counts.ResetQueue_NeedsLock(_queue.Count);
            return snapshot;
        }
    }

    public void OnReady(PooledWorker worker)
    {
        lock (_gate) _starts.Succeeded();
        Log.WorkerReady(_settings.Log, worker.Worker.Id, worker.Worker.Pid);
        MakeIdle(worker);
    }

    public void OnIdle(PooledWorker worker)
    {
        var history = new WorkerHistory(worker.Executions, worker.Started);
        RecycleReason? reason = _policies.Recycling.Decide(history);
        lock (_gate)
        {
            EndLease_NeedsLock(worker);
            bool hasRoom = !_shutdown.HasBegun && _load.Total <= _sizes.MaxWorkers && _launching == 0;
            if (reason is null && hasRoom && !worker.HasReplacement && _policies.Recycling.IsNear(history))
            {
                worker.HasReplacement = true;
                LaunchOne_NeedsLock(StartPace.Aside);
            }
        }

        if (reason is { } why) Retire(worker, why);
        else MakeIdle(worker);
    }

    public void OnWaiting()
    {
        // Without the lock, since this happens at every tool call. A job that is just being queued may be missed: then the scheduler still saw every core
        // taken, and has scheduled another decision after the slice.
        if (_queue.Count > 0) Dispatch();
    }

    public void OnLost(PooledWorker pooled, RecycleReason reason)
    {
        Worker worker = pooled.Worker;
        bool startFailed = !worker.WasReady && reason != RecycleReason.Disposed;
        bool first;
        lock (_gate)
        {
            _idle.Remove(pooled);
            EndLease_NeedsLock(pooled);
            first = _workers.Remove(pooled);
            if (first)
            {
                _leaving.Add(pooled);
                _counts.AddRecycled_NeedsLock(reason);
                _starts.Lost();
            }

            if (startFailed) _starts.Failed(worker.Fault, worker.FaultCode, pooled.Started);
        }

        if (startFailed) StartHasFailed(worker.Fault);
        else if (reason != RecycleReason.Disposed) Log.WorkerLost(_settings.Log, worker.Id, reason, LogText.Detail(worker.Fault));
        // A worker that was retired before has been reported already.
        if (first) _events.Recycled(reason);
        // Waiting jobs get another worker, or a new one is on its way, before the answer is given.
        Dispatch();
    }

    public void OnSecurityEvent(SecurityEvent report)
    {
        string detail = LogText.Detail(report.Detail);
        if (report.Kind == SecurityEventKind.ToolSequenceBlocked)
            Log.ToolSequenceBlocked(_settings.Log, LogText.Name(report.RunId), LogText.Name(report.Tenant), detail);
        else Log.SecurityEvent(_settings.Log, report.Kind, report.WorkerId, report.ProcessId, LogText.Name(report.RunId), detail);
        lock (_gate) _counts.AddSecurityEvent_NeedsLock(report.Kind);
        _events.Security(report with { Time = _clock.GetUtcNow() });
    }

    /// <summary>Resident bytes of the workers that belong to no file.</summary>
    public long WorkerBytes
    {
        get
        {
            Worker[] workers;
            lock (_gate) workers = [.. _workers.Select((pooled) => pooled.Worker)];
            return workers.Sum((worker) => worker.OwnBytes);
        }
    }

    /// <summary>The isolation of each ready worker.</summary>
    public IReadOnlyList<WorkerIsolation> GetIsolation()
    {
        lock (_gate)
        {
            return
            [
                .. _workers.Select((pooled) => pooled.Worker).Where((worker) => worker.Layers is not null)
                    .Select((worker) => new WorkerIsolation
                    {
                        WorkerId = worker.Id, ProcessId = worker.Pid, Tag = worker.IsolationTag, Layers = worker.Layers!,
                    }),
            ];
        }
    }

    public void OnGone(PooledWorker worker)
    {
        _events.Gone(worker.Worker);
        lock (_gate)
        {
            _workers.Remove(worker);
            _leaving.Remove(worker);
            AdvanceShutdown_NeedsLock();
        }
    }

    /// <summary>A job of this pool has its answer.</summary>
    void IJobOwner.OnSettled()
    {
        _counts.AddSettled();
        _events.Changed();
    }

    private ExecutionError? Enqueue_NeedsLock(ExecutionJob job)
    {
        if (_starts.IsBroken && _workers.Count == 0 && _starts.Wait > TimeSpan.Zero) return FailureText.StartFailed(GetSnapshot(), _starts.LastCode);
        switch (_queue.TryAdd(job, _policies.Scaling.AheadOf(_load, job.TenantKey, default)))
        {
            case QueueVerdict.Full: return _texts.QueueFull(GetSnapshot(), tenant: false);
            case QueueVerdict.TenantFull: return _texts.QueueFull(GetSnapshot(), tenant: true);
        }

        _counts.SawQueue_NeedsLock(_queue.Count);
        WatchQueue(job, _sizes.QueueTimeout);
        EnsureCapacity_NeedsLock();
        ReplaceForeignWorker_NeedsLock();
        MakeWay_NeedsLock();
        return null;
    }

    private void WatchQueue(ExecutionJob job, TimeSpan time) =>
        job.WatchQueue(_clock.CreateTimer((_) => QueueTimedOut(job), null, time, Timeout.InfiniteTimeSpan));

    private void QueueTimedOut(ExecutionJob job)
    {
        bool waited;
        lock (_gate) waited = _queue.Remove(job);
        if (waited) Settle(job, _texts.QueueTimeout(GetSnapshot()));
    }

    private void Settle(ExecutionJob job, ExecutionError error)
    {
        job.TrySettle(Failure(job, error));
        _events.Changed();
    }

    private static ExecutionResult Failure(ExecutionJob job, ExecutionError error) =>
        ResultBuilder.Failure(error, new ExecutionStats { QueueWait = job.QueueWait }, "", job.RunId);
}
