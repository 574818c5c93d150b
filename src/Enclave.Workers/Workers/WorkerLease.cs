using System.Diagnostics;
using Enclave.Linux;
using Enclave.Protocol;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;

namespace Enclave.Workers;

/// <summary>The exclusive right of one job to one worker, with all that the job may do there. The pool makes and ends it.</summary>
/// <remarks>
/// The worker knows its lease, and ignores calls of another lease. A job that waits may leave its worker and continue in another one: then the lease
/// moves, and keeps what is sent meanwhile (<see cref="LeaseState"/>). Locks are taken in the order pool, lease, worker.
/// </remarks>
#pragma warning disable CA1001 // Drop disposes of the parked run. Every job ends with it, and no other owner knows when.
internal sealed class WorkerLease
#pragma warning restore CA1001
{
    private const int MostDoublings = 10;

    private readonly Lock _gate = new();
    private readonly ILeaseOwner? _owner;
    private Worker _worker;
    private IWorkerJob? _job;
    private LeaseState _state;
    private ParkedRun? _parked;
    private long _due;
    private long _cpuElsewhere;
    private long _active;
    // The time at which it was last asked to leave; 0 before.
    private long _asked;
    // A job that was too large to leave may be able to later, because its memory may have been garbage. It is asked again after twice as many frames each time.
    private int _stayed, _framesToStay;

    /// <param name="worker">The worker.</param>
    /// <param name="tenant">The key of the job's tenant.</param>
    /// <param name="owner">Is notified if the job leaves its worker; null if it never does.</param>
    public WorkerLease(Worker worker, string tenant, ILeaseOwner? owner = null) => (_worker, Tenant, _owner) = (worker, tenant, owner);

    public string Tenant { get; }

    /// <summary>Its job, once <see cref="TryStart"/> was called.</summary>
    public IWorkerJob Job => _job!;

    /// <summary>True from the job's answer to the end of the lease, if the job's memory is compared meanwhile. Written by the worker.</summary>
    public bool IsCompared { get; set; }

    public int WorkerId => _worker.Id;

    /// <summary>The worker that the job has left last; null if it has left none.</summary>
    public int? LeftWorker { get; private set; }

    /// <summary>The short form of the worker's isolation.</summary>
    public string IsolationTag => _worker.IsolationTag;

    /// <summary>CPU time of its worker in microseconds, over all jobs, with what this job used in other workers.</summary>
    public long CpuMicroseconds
    {
        get
        {
            lock (_gate) return _cpuElsewhere + (_state < LeaseState.Parked ? _worker.CpuMicroseconds : 0);
        }
    }

    /// <summary>The thread that reads the worker's frames.</summary>
    public IReaderThread Reader => _worker.Reader;

    public LeaseState State
    {
        get
        {
            lock (_gate) return _state;
        }
    }

    /// <summary>True if frames go to the worker without a wait in the host.</summary>
    public bool IsOnWorker => State is LeaseState.Running or LeaseState.Staying;

    /// <summary>The checkpoint from which a job that has left its worker can continue; null if the job has not left a worker.</summary>
    public ISharedCheckpoint? Checkpoint
    {
        get
        {
            lock (_gate) return _parked?.Checkpoint;
        }
    }

    /// <summary>Bytes of the state that the host has of it.</summary>
    public long ParkedBytes
    {
        get
        {
            lock (_gate) return _parked?.State.Length ?? 0;
        }
    }

    /// <summary>True if the job computes, or is about to, and has run for less than this time.</summary>
    public bool ComputesBriefly(TimeSpan time) =>
        !IsCompared && (Volatile.Read(ref _job) is not { } job || (!job.WaitsForTools && job.Duration < time));

    /// <summary>The microseconds for which the job has only waited for tools; null if it does not, or cannot leave its worker.</summary>
    public long? Waited => _owner is not null && _state == LeaseState.Running && !IsCompared
        && Volatile.Read(ref _job) is { WaitsForTools: true, WaitsForRoom: false }
        ? Clock.Microseconds - Volatile.Read(ref _active) : null;

    /// <summary>True if the job is about to leave. A job that computes may take longer: no other job waits for it.</summary>
    public bool LeavesSoon(long within) => State == LeaseState.Leaving && Clock.Microseconds - Volatile.Read(ref _asked) < within;

    /// <summary>Gives the worker its job. False if the worker has died meanwhile. The job sends itself afterwards.</summary>
    public bool TryStart(IWorkerJob job)
    {
        Volatile.Write(ref _job, job);
        _due = Clock.Microseconds + job.Limits.TimeoutMicroseconds;
        return _worker.TryStart(this, job.Limits.TimeoutMicroseconds);
    }

    /// <summary>Sends frames of the job. On the wire they come before all frames of the next job. Returns their length.</summary>
    /// <param name="write">Writes the frames.</param>
    /// <param name="memory">The host's memory of the frames. It is released when the worker has taken them.</param>
    /// <exception cref="OutOfMemoryException">There is no memory for the frames. None of them is sent, or the worker is killed.</exception>
    public long Send(Action<FrameBuffer> write, IFrameMemory? memory)
    {
        bool isSent = true, isKept = true, isAwake = false;
        long length = 0;
        Worker worker;
        try
        {
            lock (_gate)
            {
                worker = _worker;
                NoteActivity();
                if (_state <= LeaseState.Staying)
                {
                    isSent = worker.TrySend(this, write, memory, out length);
                    if (_state == LeaseState.Staying && --_framesToStay <= 0) _state = LeaseState.Running;
                }
                else if (_parked is { } parked)
                {
                    isKept = parked.TryKeep(write, memory, out length);
                    isAwake = _state == LeaseState.Parked;
                }
            }
        }
        finally
        {
            // If the frames had to wait, the backlog retains the memory.
            memory?.Release();
        }

        // Outside the locks, because the pool is notified.
        if (!isSent) worker.EndAsNotReading();
        if (!isKept)
        {
            Job.Fail(ErrorCode.WorkerCrashed, Worker.NoMemory);
            Cancel();
        }
        else if (isAwake) _owner!.OnAwake(this);
        return length;
    }

    /// <summary>Notes that the job did something, or is about to.</summary>
    public void NoteActivity() => Volatile.Write(ref _active, Clock.Microseconds);

    /// <summary>Gives the job this much wall time from now, here and in the worker. A job that is being cancelled keeps its deadline.</summary>
    public void SetRemaining(long microseconds)
    {
        bool isSent = true;
        Worker worker;
        lock (_gate)
        {
            worker = _worker;
            _due = Clock.Microseconds + microseconds;
            if (IsAway_NeedsLock) Arm_NeedsLock();
            else if (_state < LeaseState.Parked && worker.TrySetRemaining(this, microseconds) && _state <= LeaseState.Staying)
                isSent = worker.TrySend(this, new DeadlineMessage(Job.Id, microseconds).Write, null, out _);
        }

        if (!isSent) worker.EndAsNotReading();
    }

    /// <summary>Resumes a frame that was held back. From any thread.</summary>
    public void Resume() => _worker.Resume();

    /// <summary>Asks the worker to end the job, and kills it if it does not within the level's grace period.</summary>
    public void Cancel()
    {
        Worker worker;
        lock (_gate)
        {
            if (_state >= LeaseState.Parked) return;
            worker = _worker;
        }

        // Without the lock, because the pool may be notified. The job has its answer, so it continues in no other worker.
        worker.Cancel(this);
    }

    /// <summary>This process has no memory for the job's frames: the worker ends.</summary>
    public void EndForMemory() => _worker.OnOutOfMemory();

    /// <summary>Asks the worker to let the job leave. False if it cannot.</summary>
    public bool TryLeave()
    {
        lock (_gate)
        {
            if (_state != LeaseState.Running || Job.HasAnswer || _worker.Checkpoint is not { } checkpoint || !checkpoint.TryKeep()) return false;
            _parked = new ParkedRun(checkpoint, OnElapsed);
            bool isAsked;
            try
            {
                isAsked = _worker.TryPark(this);
            }
            catch (OutOfMemoryException)
            {
                isAsked = false;
            }

            if (isAsked)
            {
                (_state, _asked) = (LeaseState.Leaving, Clock.Microseconds);
            }
            else
            {
                EndParking_NeedsLock();
                Stay_NeedsLock();
            }

            return isAsked;
        }
    }

    /// <summary>The job stays with its worker, which gets the kept frames. Called by the worker.</summary>
    public void Stay()
    {
        bool isSent = true;
        lock (_gate)
        {
            Debug.Assert(_state == LeaseState.Leaving, $"a run that is {_state} stays with its worker");
            Stay_NeedsLock();
            if (_parked is not { } parked) return;
            parked.Send(_worker, this);
            // The job's deadline may have changed while it was leaving.
            isSent = _worker.TrySend(this, new DeadlineMessage(Job.Id, Remaining_NeedsLock).Write, null, out _);
            EndParking_NeedsLock();
        }

        if (!isSent) _worker.EndAsNotReading();
    }

    private void Stay_NeedsLock() => (_state, _framesToStay) = (LeaseState.Staying, 1 << Math.Min(_stayed++, MostDoublings));

    /// <summary>The job has left its worker. Called by the worker, which then calls <see cref="LookForWork"/>.</summary>
    /// <param name="state">Its state.</param>
    /// <param name="timer">Microseconds to its script's first timer; 0 without one.</param>
    public void Leave(byte[] state, long timer)
    {
        lock (_gate)
        {
            Debug.Assert(_state == LeaseState.Leaving, $"a run that is {_state} leaves its worker");
            _cpuElsewhere += _worker.CpuMicroseconds;
            LeftWorker = _worker.Id;
            _state = Job.HasAnswer ? LeaseState.Ended : LeaseState.Parked;
            if (_parked is not { } parked) return;
            parked.State = state;
            if (timer > 0) parked.TimerDue = Clock.Microseconds + timer;
            Arm_NeedsLock();
        }
    }

    /// <summary>Notifies the owner if the job has something to do although it is parked.</summary>
    public void LookForWork()
    {
        bool isAwake;
        lock (_gate) isAwake = _state == LeaseState.Parked && (_parked is { HasFrames: true } or { IsDue: true });
        if (isAwake) _owner!.OnAwake(this);
    }

    /// <summary>The parked job waits for a worker from now on. False if it does already, or is not parked.</summary>
    public bool TryWake()
    {
        lock (_gate)
        {
            if (_state != LeaseState.Parked) return false;
            _state = LeaseState.Awake;
            return true;
        }
    }

    /// <summary>The pool has chosen a worker for the job. Frames that are sent meanwhile are kept for it.</summary>
    public void BeginContinuing()
    {
        lock (_gate)
        {
            if (IsAway_NeedsLock) _state = LeaseState.Continuing;
        }
    }

    /// <summary>Continues in this worker. False if that has died meanwhile, or the job has its answer.</summary>
    public bool TryContinue(Worker worker)
    {
        bool isSent = true, hasMemory = true;
        lock (_gate)
        {
            if (_state != LeaseState.Continuing || _parked is not { } parked) return false;
            long remaining = Remaining_NeedsLock;
            if (!worker.TryStart(this, remaining))
            {
                _state = LeaseState.Parked;
                return false;
            }

            (_worker, _state) = (worker, LeaseState.Running);
            _cpuElsewhere -= worker.CpuMicroseconds;
            NoteActivity();
            try
            {
                isSent = worker.TrySend(this, new UnparkMessage(Job.Id, remaining, parked.State).Write, null, out _);
                parked.Send(worker, this);
            }
            catch (OutOfMemoryException)
            {
                hasMemory = false;
            }

            EndParking_NeedsLock();
        }

        if (!hasMemory) worker.OnOutOfMemory();
        else if (!isSent) worker.EndAsNotReading();
        return true;
    }

    /// <summary>The job has its answer: releases its kept frames and state.</summary>
    public void Drop()
    {
        bool wasAsked;
        lock (_gate)
        {
            wasAsked = _asked != 0;
            // A job that is still leaving its worker is cancelled there.
            if (IsAway_NeedsLock) _state = LeaseState.Ended;
            EndParking_NeedsLock();
        }

        if (wasAsked) _owner!.OnDropped(this);
    }

    private long Remaining_NeedsLock => Math.Clamp(_due - Clock.Microseconds, 1, ProtocolLimits.MaxRemainingMicroseconds);

    private bool IsAway_NeedsLock => _state is LeaseState.Parked or LeaseState.Awake or LeaseState.Continuing;

    private void EndParking_NeedsLock()
    {
        _parked?.Dispose();
        _parked = null;
    }

    private void Arm_NeedsLock()
    {
        long next = Math.Max(1, Math.Min(_due, _parked!.TimerDue) - Clock.Microseconds);
        _parked.Arm(TimeSpan.FromMilliseconds(Math.Min(1 + (next / 1000), int.MaxValue)));
    }

    private void OnElapsed()
    {
        bool isOver, isAwake = false;
        lock (_gate)
        {
            if (!IsAway_NeedsLock) return;
            long now = Clock.Microseconds;
            isOver = now >= _due;
            if (now >= _parked!.TimerDue)
            {
                isAwake = _parked.IsDue = true;
                _parked.TimerDue = long.MaxValue;
            }

            if (!isOver) Arm_NeedsLock();
        }

        if (isOver) Job.Fail(ErrorCode.Timeout, "deadline");
        else if (isAwake) _owner!.OnAwake(this);
    }
}
