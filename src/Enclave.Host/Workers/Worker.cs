using Enclave.Isolation;
using Enclave.Limits;
using Enclave.Linux;
using Enclave.Processes;
using Enclave.Protocol;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;

namespace Enclave.Workers;

/// <summary>
/// One worker process and its state. It has at most one job at a time. Everything that the process sends is an untrusted claim, which is checked here.
/// </summary>
internal sealed partial class Worker : IFrameSink
{
    /// <summary>The end of a worker for whose messages this process has no memory.</summary>
    public const string NoMemory = "the host has no memory for its messages";

    /// <summary>Ending a process occupies a core for some milliseconds, so the caller's answer goes first.</summary>
    private const long Reprieve = 5_000;

    private readonly Lock _gate = new();
    private readonly IWorkerProcess _process;
    private readonly WorkerSettings _settings;
    private readonly IWorkerOwner _owner;
    private readonly IWorkerConnection _connection;
    private readonly byte[] _nonce = System.Security.Cryptography.RandomNumberGenerator.GetBytes(ProtocolLimits.NonceBytes);
    private WorkerState _state = WorkerState.Starting;
    private IWorkerJob? _job;
    private long _due;
    private long _baseline;
    private long _heldBaseline;
    private bool _cancelled;
    private long _jobs;

    public Worker(int id, IWorkerProcess process, WorkerSettings settings, IWorkerOwner owner)
    {
        (Id, _process, _settings, _owner) = (id, process, settings, owner);
        _due = Clock.Microseconds + settings.Setup.StartTime.ToMicroseconds();
        _connection = process.Connect(settings.Pool.MaxMessageBytes, this);
    }

    public int Id { get; }

    /// <summary>The number of jobs so far. Written by the pool under its lock.</summary>
    public int Executions { get; set; }

    /// <summary>True if its replacement was started early. Written by the pool under its lock.</summary>
    public bool HasReplacement { get; set; }

    /// <summary>The tenant this worker is bound to; null while unbound. Written by the pool under its lock.</summary>
    public string? Tenant { get; set; }

    /// <summary>The time of its start, by the pool's clock.</summary>
    public required long Started { get; init; }

    /// <summary>The time since which it is idle, by the pool's clock. Written by the pool under its lock.</summary>
    public long IdleSince { get; set; }

    /// <summary>Its isolation, once it is ready; null before.</summary>
    public IReadOnlyList<LayerReport>? Layers { get; private set; }

    /// <summary>The short form of <see cref="Layers"/>.</summary>
    public string IsolationTag { get; private set; } = "none";

    /// <summary>The fault that ended it, in words; for start failures.</summary>
    public string Fault { get; private set; } = "";

    /// <summary>The error code of that fault for jobs that wait for a worker.</summary>
    public ErrorCode FaultCode { get; private set; } = ErrorCode.WorkerCrashed;

    /// <summary>True if it ever became ready. Otherwise its end counts as a failed start.</summary>
    public bool WasReady { get; private set; }

    /// <summary>The time of its SIGKILL, by <see cref="System.Diagnostics.Stopwatch"/>; 0 if none was sent.</summary>
    public long Killed { get; private set; }

    public int Pid => _process.Pid;

    public long CpuMicroseconds => _process.CpuMicroseconds;

    /// <summary>True if its job computes, or is about to, and has run for less than this time. Read by the pool under its lock.</summary>
    public bool ComputesBriefly(TimeSpan time) =>
        LeasedTo is not null && !IsCompared && (Volatile.Read(ref _job) is not { } job || (!job.WaitsForTools && job.Duration < time));

    /// <summary>Says hello and starts listening.</summary>
    public void Open()
    {
        _settings.Clock.Add(this);
        SendHello();
        _connection.Start();
    }

    /// <summary>Gives it a job. False if it has died meanwhile; the job is then unchanged.</summary>
    public bool TryStart(IWorkerJob job)
    {
        long due;
        lock (_gate)
        {
            if (_state != WorkerState.Idle) return false;
            _state = WorkerState.Busy;
            _job = job;
            _cancelled = false;
            _jobs++;
            // The worker ends the run at its deadline. The grace period is for its answer to arrive.
            due = _due = Clock.Microseconds + job.Limits.TimeoutMicroseconds + _settings.Level.KillGrace.ToMicroseconds();
        }

        _settings.Clock.Arm(due);
        job.Begin(this);
        return true;
    }

    /// <summary>Sends frames of a job, unless it has ended. On the wire they come before all frames of the next job. Returns their length.</summary>
    /// <exception cref="OutOfMemoryException">There is no memory for the frames. None of them is sent, or the worker is killed.</exception>
    public long Send(IWorkerJob job, Action<FrameBuffer> write, HeldMemory memory)
    {
        bool sent;
        long length = 0;
        try
        {
            lock (_gate) sent = _job != job || _connection.TrySend(write, memory, out length);
        }
        finally
        {
            // If the frames had to wait, the backlog retains the memory.
            memory.Release();
        }

        // Outside the lock, because the pool is notified.
        if (!sent) OnProtocolFault(_connection.NotReading());
        return length;
    }

    /// <summary>Gives a running job this much wall time from now, here and in the worker. A job that is being cancelled keeps its deadline.</summary>
    public void SetRemaining(IWorkerJob job, long microseconds)
    {
        long due;
        lock (_gate)
        {
            if (_job != job || _state != WorkerState.Busy || _cancelled) return;
            due = _due = Clock.Microseconds + microseconds + _settings.Level.KillGrace.ToMicroseconds();
        }

        _settings.Clock.Arm(due);
        Send(job, new DeadlineMessage(job.Id, microseconds).Write, HeldMemory.None);
    }

    /// <summary>The thread that reads its frames.</summary>
    public IReaderThread Reader => _connection;

    /// <summary>Resumes frames that were held back. From any thread.</summary>
    public void Resume() => _connection.Resume();

    /// <summary>Its job waits for a tool from now on.</summary>
    public void Waits() => _owner.OnWaiting();

    /// <summary>Asks the worker to end this job, and kills it if it does not within the level's grace period.</summary>
    public void Cancel(IWorkerJob job)
    {
        long due;
        lock (_gate)
        {
            if (_job != job) return;
            _cancelled = true;
            due = _due = Math.Min(_due, Clock.Microseconds + Math.Max(_settings.Level.KillGrace.ToMicroseconds(), 5_000));
        }

        _settings.Clock.Arm(due);
        _connection.Send(new CancelMessage(job.Id).Write);
    }

    /// <summary>Takes no more jobs: it leaves by itself, or is killed after this time.</summary>
    public void Retire(TimeSpan patience)
    {
        lock (_gate)
        {
            if (_state >= WorkerState.Leaving) return;
            _state = WorkerState.Leaving;
            _due = Clock.Microseconds + patience.ToMicroseconds();
        }

        _settings.Clock.Arm(_due);
        _connection.Send(ShutdownMessage.Write);
    }

    /// <summary>Sends SIGKILL now. The first cause settles the job. The process is reaped when it is gone.</summary>
    public void Kill(RecycleReason reason, ErrorCode code, string why) => Kill(null, reason, code, why);

    /// <param name="seen">What the cause applies to; null for any state and job. Another job may have begun since it was seen.</param>
    /// <param name="reason">Why the pool loses it.</param>
    /// <param name="code">The answer of its job.</param>
    /// <param name="why">The same in words.</param>
    private void Kill(Sight? seen, RecycleReason reason, ErrorCode code, string why)
    {
        IWorkerJob? job;
        lock (_gate)
        {
            if (_state >= WorkerState.Killed || (seen is { } expected && expected != new Sight(_state, _jobs))) return;
            _state = WorkerState.Killed;
            (Fault, FaultCode) = (why, code);
            job = _job;
            _job = null;
        }

        Killed = System.Diagnostics.Stopwatch.GetTimestamp();
        _connection.Kill();
        _connection.StopListening();
        _owner.OnLost(this, reason);
        job?.Fail(code, why);
    }

    /// <summary>A check by the deadline clock. Returns the time of the next one.</summary>
    public long Tick(long now)
    {
        Sight seen;
        IWorkerJob? job;
        bool isDue;
        lock (_gate)
        {
            seen = new Sight(_state, _jobs);
            job = _job;
            isDue = now >= _due;
            if (_state is WorkerState.Gone or WorkerState.Killed) return long.MaxValue;
            if (!isDue && _state is not (WorkerState.Busy or WorkerState.Idle)) return _due;
        }

        if (seen.State == WorkerState.Idle) return WatchIdle(now, seen);

        if (isDue)
        {
            switch (seen.State)
            {
                case WorkerState.Starting:
                    Kill(seen, RecycleReason.StartFailed, ErrorCode.WorkerCrashed, _settings.Setup.NotReadyInTime());
                    break;
                case WorkerState.Condemned: EndCondemned(); break;
                case WorkerState.Compared: Kill(seen, RecycleReason.Poisoned, ErrorCode.WorkerCrashed, "it was not compared in time"); break;
                case WorkerState.Busy: Kill(seen, RecycleReason.Poisoned, ErrorCode.Timeout, job?.WaitsForRoom == true ? "host memory" : "deadline"); break;
                default: Kill(seen, RecycleReason.Disposed, ErrorCode.PoolDisposed, "did not leave in time"); break;
            }

            return long.MaxValue;
        }

        if (job is not null) WatchResources(job, seen);
        return Math.Min(_due, now + 25_000);
    }

    public bool OnFrame(in Frame frame)
    {
        IWorkerJob? job;
        WorkerState state;
        lock (_gate) (job, state) = (_job, _state);
        switch (state)
        {
            case WorkerState.Starting when frame.Type == FrameType.Ready && !_hasReported: BecomeReady(ReadyMessage.Read(frame.Body)); break;
            case WorkerState.Starting when frame.Type == FrameType.LibraryFault: OnLibraryFault(LibraryFaultMessage.Read(frame.Body)); break;
            case WorkerState.Busy when job is not null && frame.Type == FrameType.Result: Finish(job, ResultMessage.Read(frame.Body)); break;
            case WorkerState.Busy when job is not null: return job.OnFrame(frame);
            case WorkerState.Leaving or WorkerState.Condemned or WorkerState.Killed or WorkerState.Gone: break;
            default: throw ProtocolException.At(0, $"a {frame.Type} frame while {state}");
        }

        return true;
    }

    public bool OnResumed()
    {
        IWorkerJob? job;
        lock (_gate) job = _state == WorkerState.Busy ? _job : null;
        return job?.OnResumed() ?? true;
    }

    public void OnProtocolFault(ProtocolException fault)
    {
        IWorkerJob? job;
        lock (_gate) job = _job;
        Report(SecurityEventKind.ProtocolViolation, fault.Message, job);
        Kill(RecycleReason.Violation, ErrorCode.ProtocolViolation, fault.Message);
    }

    public void OnOutOfMemory() => Kill(RecycleReason.Poisoned, ErrorCode.WorkerCrashed, NoMemory);

    public void OnExit(ProcessExit exit, string log)
    {
        IWorkerJob? job;
        WorkerState before;
        lock (_gate)
        {
            (before, job) = (_state, _job);
            _state = WorkerState.Gone;
            _job = null;
        }

        _settings.Clock.Remove(this);
        bool outOfMemory = _process.Confinement?.WasOutOfMemory == true;
        string why = outOfMemory ? "killed by the kernel: its control group was out of memory" : ExitClassifier.Describe(exit);
        Diagnostics.Log.WorkerGone(_settings.Log, Id, Pid, exit.Code, why);
        if (before < WorkerState.Condemned)
        {
            Fault = log.Length == 0 ? why : $"{why}: {log.Trim()}";
            ErrorCode code = outOfMemory ? ErrorCode.MemoryLimitExceeded : ExitClassifier.Classify(exit, log);
            if (IsLibraryFault(before, code)) FaultCode = ErrorCode.LibraryFailed;
            if (exit.Code == ExitClassifier.ForbiddenCall) Report(SecurityEventKind.ForbiddenSystemCall, Fault, job);
            RecycleReason reason = before switch
            {
                WorkerState.Starting => RecycleReason.StartFailed,
                WorkerState.Leaving => RecycleReason.Disposed,
                _ when code == ErrorCode.MemoryLimitExceeded => RecycleReason.Poisoned,
                _ => RecycleReason.Crashed,
            };
            if (before != WorkerState.Leaving) _owner.OnLost(this, reason);
            job?.SawMemory(exit.PeakResidentBytes - _baseline);
            job?.FailByExit(code, exit, why);
        }

        _owner.OnGone(this);
    }

    private void Report(SecurityEventKind kind, string what, IWorkerJob? job = null)
    {
        (string? tenant, ulong id, string? run) = (job?.Tenant, job?.Id ?? 0, job?.RunId);
        _owner.OnSecurityEvent(
            new SecurityEvent { Kind = kind, WorkerId = Id, ProcessId = Pid, Detail = what, Tenant = tenant, JobId = id, RunId = run });
    }

    private void Finish(IWorkerJob job, ResultMessage result)
    {
        if (job.Conclude(result) == JobOutcome.Poisoned)
        {
            lock (_gate)
            {
                if (_job != job) return;
                _job = null;
                _state = WorkerState.Condemned;
                _due = Clock.Microseconds + Reprieve;
            }

            _connection.StopListening();
            Fault = "its job met a limit, or it could not reset itself";
            _owner.OnLost(this, RecycleReason.Poisoned);
            job.Settle(null);
            _settings.Clock.Arm(_due);
        }
        else if (IsComparisonDue())
        {
            lock (_gate)
            {
                if (_job != job) return;
                _job = null;
                _state = WorkerState.Compared;
                IsCompared = true;
                _due = Clock.Microseconds + LookTime;
            }

            _settings.Clock.Arm(_due);
            job.Settle(this);
            ComparisonThreads.Add(this);
        }
        else
        {
            lock (_gate)
            {
                if (_job != job) return;
                _job = null;
                _state = WorkerState.Idle;
                _due = long.MaxValue;
            }

            // Before the answer: a caller that gets it and asks again at once finds this worker free.
            _owner.OnIdle(this);
            job.Settle(this);
        }
    }

    private void EndCondemned()
    {
        lock (_gate)
        {
            if (_state != WorkerState.Condemned) return;
            _state = WorkerState.Killed;
        }

        Killed = System.Diagnostics.Stopwatch.GetTimestamp();
        _connection.Kill();
    }
}
