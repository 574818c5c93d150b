using Enclave.Diagnostics;
using Enclave.Isolation;
using Enclave.Limits;
using Enclave.Protocol;
using Enclave.Queues;
using Enclave.Runs;
using Enclave.Workers;

namespace Enclave.Pool;

/// <content>Runs that wait for tools leave their workers to runs that wait for workers.</content>
internal sealed partial class WorkerPool : ILeaseOwner
{
    /// <summary>The wait, in microseconds, after which a run leaves its worker. To leave and come back takes a millisecond of CPU time.</summary>
    private const long LeavesAfter = 10_000;

    /// <summary>States of all runs that have left.</summary>
    private const long MostParkedBytes = 256L << 20;

    /// <summary>The parked runs of a tenant may hold this many times the memory that would then be free, as in <see cref="HostMemory"/>.</summary>
    private const int Share = 3;

    /// <summary>The time until a nursery that could not fork is asked again.</summary>
    private static readonly TimeSpan s_forkAgain = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<WorkerLease, Parking> _parked = [];
    private readonly ByteTotals _parkedBytes = new();

    /// <summary>Runs that have left their workers and wait for others, by checkpoint and tenant.</summary>
    private readonly Dictionary<(ISharedCheckpoint Checkpoint, string Tenant), int> _awake = [];

    /// <summary>Workers that are being started for such runs.</summary>
    private readonly Dictionary<ISharedCheckpoint, int> _forking = [];
    private bool _isEnding;

    /// <summary>True if runs leave their workers.</summary>
    public bool Parks => _sizes.MaxParkedRuns > 0;

    public void OnParked(PooledWorker worker, WorkerLease lease, bool isCompared)
    {
        bool isEnding;
        lock (_gate)
        {
            isEnding = _isEnding;
            if (lease.State == LeaseState.Parked) Register_NeedsLock(lease);
            // The worker may have been lost meanwhile.
            if (isCompared && worker.Lease is not null) worker.Leave_NeedsLock();
        }

        if (isEnding) EndWithPool(lease);
        if (!isCompared) OnIdle(worker);
    }

    void ILeaseOwner.OnAwake(WorkerLease lease)
    {
        bool isEnding;
        lock (_gate)
        {
            // A run that continues already has what was sent to it.
            if (lease.State != LeaseState.Parked) return;
            isEnding = _isEnding;
            Wake_NeedsLock(lease);
        }

        if (isEnding) EndWithPool(lease);
        Dispatch();
    }

    /// <summary>The pool ends, and has ended all runs that it knew.</summary>
    private static void EndWithPool(WorkerLease lease) => lease.Job.Fail(ErrorCode.PoolDisposed, "while it ran");

    void ILeaseOwner.OnDropped(WorkerLease lease)
    {
        lock (_gate)
        {
            if (_parked.ContainsKey(lease)) _queue.Remove(JobOf(lease));
            Unregister_NeedsLock(lease);
            AdvanceShutdown_NeedsLock();
        }

        // Other jobs of its tenant may have waited for it.
        Dispatch();
    }

    private static ExecutionJob JobOf(WorkerLease lease) => ((JobSession)lease.Job).Job;

    private static bool HasBegun(ExecutionJob job) => job.Session is not null;

    /// <summary>The run waits for a worker from now on.</summary>
    private void Wake_NeedsLock(WorkerLease lease)
    {
        Parking parking = Register_NeedsLock(lease);
        if (!lease.TryWake()) return;
        parking.Checkpoint = lease.Checkpoint;
        if (parking.Checkpoint is { } checkpoint) Count(_awake, (checkpoint, lease.Tenant), 1);
        _queue.AddBegun(JobOf(lease), HasBegun);
    }

    private Parking Register_NeedsLock(WorkerLease lease)
    {
        if (_parked.TryGetValue(lease, out Parking? parking)) return parking;
        parking = new Parking(lease.ParkedBytes + BytesOf(JobOf(lease)));
        _parked.Add(lease, parking);
        _parkedBytes.Add(lease.Tenant, parking.Bytes);
        return parking;
    }

    /// <summary>The bytes that a job holds in the host besides its state: the number of workers no longer bounds them.</summary>
    private static long BytesOf(IQueued job) => job.OwnBytes + job.ContentBytes;

    private void Unregister_NeedsLock(WorkerLease lease)
    {
        if (!_parked.Remove(lease, out Parking? parking)) return;
        _parkedBytes.Add(lease.Tenant, -parking.Bytes);
        if (parking.Checkpoint is { } checkpoint) Count(_awake, (checkpoint, lease.Tenant), -1);
    }

    private void BeginContinuing_NeedsLock(WorkerLease lease)
    {
        lease.BeginContinuing();
        Unregister_NeedsLock(lease);
    }

    /// <summary>Asks as many runs that wait for tools to leave as runs wait for workers that cannot be started.</summary>
    private void MakeWay_NeedsLock()
    {
        if (!Parks || _queue.Count == 0) return;
        List<WorkerLease> waiting = [];
        int leaving = 0, soon = 0;
        bool looksAgain = false;
        foreach (PooledWorker worker in _workers)
        {
            if (worker.Lease is not { } lease) continue;
            if (lease.State == LeaseState.Leaving)
            {
                leaving++;
                if (lease.LeavesSoon(2 * LeavesAfter)) soon++;
                looksAgain = true;
            }
            else if (lease.Waited is { } waited && waited < LeavesAfter) looksAgain = true;
            else if (lease.Waited is not null) waiting.Add(lease);
        }

        int room = _sizes.MaxParkedRuns - _parked.Count - leaving;
        long free = MostParkedBytes - _parkedBytes.All - ((long)leaving * ProtocolLimits.ParkedBytes);
        foreach (string tenant in _queue.Turns)
        {
            // The tenant, or the whole pool, has as many leases as it may.
            bool isFull = _leases.CountOf(tenant) >= _policies.Scaling.MaxWorkersPerTenant;
            if (!isFull && _load.Total < _sizes.MaxWorkers) continue;
            for (int wanted = _queue.CountOf(tenant) - soon; wanted > 0 && room > 0; wanted--)
            {
                int at = waiting.FindIndex((lease) => (!isFull || lease.Tenant == tenant) && MayLeave_NeedsLock(lease, free));
                if (at < 0) break;
                WorkerLease next = waiting[at];
                waiting.RemoveAt(at);
                if (next.TryLeave()) (room, free) = (room - 1, free - MostOf(next));
            }

            soon = Math.Max(0, soon - _queue.CountOf(tenant));
            if (waiting.Count == 0 || room <= 0) break;
        }

        if (looksAgain) _slice.Arm_NeedsLock();
    }

    private static long MostOf(WorkerLease lease) => ProtocolLimits.ParkedBytes + BytesOf(JobOf(lease));

    /// <param name="lease">The lease of a run that waits.</param>
    /// <param name="free">The bytes that no run holds.</param>
    private bool MayLeave_NeedsLock(WorkerLease lease, long free) => _parkedBytes.Of(lease.Tenant) + MostOf(lease) <= Share * (free - MostOf(lease));

    private static void Count<T>(Dictionary<T, int> counts, T key, int by)
        where T : notnull
    {
        int count = counts.GetValueOrDefault(key) + by;
        if (count == 0) counts.Remove(key);
        else counts[key] = count;
    }

    /// <summary>Returns an idle worker in which this run can continue; null if there is none. If too few will become idle, starts more.</summary>
    private PooledWorker? WorkerFor_NeedsLock(WorkerLease parked)
    {
        if (!MayLease_NeedsLock(parked.Tenant)) return null;
        // The run has its answer, and is about to leave the queue.
        if (parked.Checkpoint is not { } checkpoint) return null;
        if (PickIdle_NeedsLock(parked.Tenant, checkpoint) is { } idle) return idle;
        // All idle workers are of other nurseries, or of other tenants.
        int coming = _forking.GetValueOrDefault(checkpoint) + _workers.Count((worker) =>
            worker.Worker.Checkpoint == checkpoint && MayServe(worker, parked.Tenant) && (worker.Lease is null || worker.IsCompared));
        bool isFull = _load.Total >= _sizes.MaxWorkers;
        // The scaler starts workers of the present nursery. Workers of a retired nursery are started only here.
        if (!checkpoint.IsRetired) coming += _launching - _forking.Values.Sum();
        int wanted = isFull || checkpoint.IsRetired ? WorkersWanted_NeedsLock(checkpoint) : 1;
        for (; coming < wanted; coming++)
        {
            PooledWorker? oldest = null;
            if (_load.Total >= _sizes.MaxWorkers && (oldest = _idle.MinBy((worker) => worker.IdleSince)) is null) break;
            LaunchFrom_NeedsLock(checkpoint);
            if (oldest is not null) Retire_NeedsLock(oldest, RecycleReason.Tenant);
        }

        return null;
    }

    /// <summary>The number of workers in which awake runs of this checkpoint may continue at the same time.</summary>
    private int WorkersWanted_NeedsLock(ISharedCheckpoint checkpoint)
    {
        int sum = 0, most = _sizes.MaxWorkers - _leases.Count;
        foreach (((ISharedCheckpoint from, string tenant), int count) in _awake)
        {
            if (from == checkpoint) sum += Math.Clamp(_policies.Scaling.MaxWorkersPerTenant - _leases.CountOf(tenant), 0, count);
        }

        return Math.Min(sum, most);
    }

    private void LaunchFrom_NeedsLock(ISharedCheckpoint checkpoint)
    {
        _launching++;
        Count(_forking, checkpoint, 1);
        int id = ++_nextId;
        _launcher.LaunchFrom(
            checkpoint,
            _settings.Setup,
            (process) =>
            {
                lock (_gate) Count(_forking, checkpoint, -1);
                Launched(id, process, StartPace.AtOnce);
            },
            (why, _) => NoWorkerFrom(checkpoint, why));
    }

    /// <summary>If the nursery has ended, fails the runs that had left its workers. Otherwise the fork is tried again.</summary>
    private void NoWorkerFrom(ISharedCheckpoint checkpoint, string why)
    {
        WorkerLease[] lost;
        lock (_gate)
        {
            _launching--;
            Count(_forking, checkpoint, -1);
            lost = checkpoint.HasEnded ? [.. _parked.Keys.Where((lease) => lease.Checkpoint == checkpoint)] : [];
            if (lost.Length == 0) _upkeep.Arm_NeedsLock(s_forkAgain);
            AdvanceShutdown_NeedsLock();
        }

        if (lost.Length == 0) return;
        foreach (WorkerLease lease in lost) lease.Job.Fail(ErrorCode.WorkerCrashed, $"it had left its worker, and no other can go on with it: {why}");
        Dispatch();
    }

    /// <summary>Continues a run in the leased worker.</summary>
    private void Continue(PooledWorker worker, WorkerLease lease)
    {
        bool goesOn = lease.TryContinue(worker.Worker), isParked, isEnding;
        lock (_gate)
        {
            isEnding = _isEnding;
            // The run is parked if the worker has died, or if the run has left the worker again.
            isParked = lease.State is LeaseState.Parked or LeaseState.Awake;
            if (isParked) Register_NeedsLock(lease);
            if (isParked && !goesOn) Wake_NeedsLock(lease);
            if (!goesOn && worker.Lease == lease) EndLease_NeedsLock(worker);
        }

        if (isParked && isEnding) EndWithPool(lease);
        // Answers that came meanwhile did not wake the run.
        else if (isParked) lease.LookForWork();
        else if (goesOn && JobOf(lease).IsSettled) lease.Cancel();
        // The run's answer came meanwhile, so the worker was not used.
        else if (!goesOn) MakeIdle(worker);
    }

    private sealed class Parking(long bytes)
    {
        public long Bytes { get; } = bytes;

        /// <summary>The checkpoint from which the run can continue, while it waits for a worker; otherwise null.</summary>
        public ISharedCheckpoint? Checkpoint { get; set; }
    }
}
