using Enclave.Isolation;
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
    private WorkerLease? _lease;
    private long _due;
    private long _baseline;
    private long _files;
    private bool _cancelled;
    private long _jobs;

    public Worker(int id, IWorkerProcess process, WorkerSettings settings, IWorkerOwner owner)
    {
        (Id, _process, _settings, _owner) = (id, process, settings, owner);
        _due = Clock.Microseconds + settings.Setup.StartTime.ToMicroseconds();
        _connection = process.Connect(settings.Setup.MaxFrameBytes, this);
    }

    public int Id { get; }

    /// <summary>True if a job waits for a worker while this one opens. It then leaves out what only prepares its first job.</summary>
    public bool IsAwaited { get; set; }

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

    /// <summary>Resident bytes of its own, which belong to no file.</summary>
    public long OwnBytes => _process.ReadResident().Own;

    /// <summary>Says hello and starts listening.</summary>
    public void Open()
    {
        _settings.Clock.Add(this);
        SendHello();
        _connection.Start();
    }

    /// <summary>Begins the job of a lease, or continues it. False if the worker has died meanwhile.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="microseconds">The wall time that the job may still use.</param>
    public bool TryStart(WorkerLease lease, long microseconds)
    {
        long due;
        lock (_gate)
        {
            if (_state != WorkerState.Idle) return false;
            _state = WorkerState.Busy;
            _lease = lease;
            _cancelled = false;
            _jobs++;
            // The worker ends the run at its deadline. The grace period is for its answer to arrive.
            due = _due = Clock.Microseconds + microseconds + _settings.KillGrace.ToMicroseconds();
        }

        _settings.Clock.Arm(due);
        return true;
    }

    /// <inheritdoc cref="WorkerLease.Send"/>
    /// <returns>False if the worker does not read: then call <see cref="EndAsNotReading"/>, without a lock.</returns>
    public bool TrySend(WorkerLease lease, Action<FrameBuffer> write, IFrameMemory? memory, out long length)
    {
        length = 0;
        lock (_gate) return _lease != lease || _connection.TrySend(write, memory, out length);
    }

    /// <summary>Too many frames wait for the worker.</summary>
    public void EndAsNotReading() => OnProtocolFault(_connection.NotReading());

    /// <summary>Moves the kill of this job. False if it has ended, or is being cancelled.</summary>
    public bool TrySetRemaining(WorkerLease lease, long microseconds)
    {
        long due;
        lock (_gate)
        {
            if (_lease != lease || _state != WorkerState.Busy || _cancelled) return false;
            due = _due = Clock.Microseconds + microseconds + _settings.KillGrace.ToMicroseconds();
        }

        _settings.Clock.Arm(due);
        return true;
    }

    /// <summary>The thread that reads its frames.</summary>
    public IReaderThread Reader => _connection;

    /// <summary>Resumes frames that were held back. From any thread.</summary>
    public void Resume() => _connection.Resume();

    /// <inheritdoc cref="WorkerLease.Cancel"/>
    public void Cancel(WorkerLease lease)
    {
        long due;
        lock (_gate)
        {
            if (_lease != lease) return;
            _cancelled = true;
            due = _due = Math.Min(_due, Clock.Microseconds + Math.Max(_settings.KillGrace.ToMicroseconds(), 5_000));
        }

        _settings.Clock.Arm(due);
        _connection.Send(new CancelMessage(lease.Job.Id).Write);
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

    /// <param name="seen">The state and job that the cause applies to; null for any. Another job may have begun since then.</param>
    /// <param name="reason">The reason for the pool.</param>
    /// <param name="code">The answer of its job.</param>
    /// <param name="why">The same in words.</param>
    private void Kill(Sight? seen, RecycleReason reason, ErrorCode code, string why)
    {
        WorkerLease? lease;
        lock (_gate)
        {
            if (_state >= WorkerState.Killed || (seen is { } expected && expected != new Sight(_state, _jobs))) return;
            _state = WorkerState.Killed;
            (Fault, FaultCode) = (why, code);
            lease = _lease;
            _lease = null;
        }

        Killed = System.Diagnostics.Stopwatch.GetTimestamp();
        _connection.Kill();
        _connection.StopListening();
        _owner.OnLost(reason);
        lease?.Job.Fail(code, why);
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
            job = _lease?.Job;
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
                case WorkerState.Compared: Kill(seen, RecycleReason.Time, ErrorCode.WorkerCrashed, "it was not compared in time"); break;
                case WorkerState.Busy: Kill(seen, RecycleReason.Time, ErrorCode.Timeout, job?.WaitsForRoom == true ? "host memory" : "deadline"); break;
                default: Kill(seen, RecycleReason.Disposed, ErrorCode.PoolDisposed, "did not leave in time"); break;
            }

            return long.MaxValue;
        }

        if (job is not null) WatchResources(job, seen);
        return Math.Min(_due, now + 25_000);
    }

    public bool OnFrame(in Frame frame)
    {
        WorkerLease? lease;
        WorkerState state;
        lock (_gate) (lease, state) = (_lease, _state);
        switch (state)
        {
            case WorkerState.Starting when frame.Type == FrameType.Ready && !_hasReported: BecomeReady(ReadyMessage.Read(frame.Body)); break;
            case WorkerState.Starting when frame.Type == FrameType.LibraryFault: OnLibraryFault(LibraryFaultMessage.Read(frame.Body)); break;
            case WorkerState.Busy when lease is not null && frame.Type == FrameType.Result: Finish(lease, ResultMessage.Read(frame.Body)); break;
            case WorkerState.Busy when lease is not null && frame.Type == FrameType.Parked: Leave(lease, ParkedMessage.Read(frame.Body)); break;
            case WorkerState.Busy when lease is not null: return MayGoOn(lease.Job.OnFrame(frame));
            case WorkerState.Leaving or WorkerState.Condemned or WorkerState.Killed or WorkerState.Gone: break;
            default: throw ProtocolException.At(0, $"a {frame.Type} frame while {state}");
        }

        return true;
    }

    public bool OnResumed()
    {
        WorkerLease? lease;
        lock (_gate) lease = _state == WorkerState.Busy ? _lease : null;
        return lease is null || lease.Job.OnResumed() != FrameOutcome.HeldBack;
    }

    public void OnProtocolFault(ProtocolException fault)
    {
        IWorkerJob? job;
        lock (_gate) job = _lease?.Job;
        Report(SecurityEventKind.ProtocolViolation, fault.Message, job);
        Kill(RecycleReason.Violation, ErrorCode.ProtocolViolation, fault.Message);
    }

    public void OnOutOfMemory() => Kill(RecycleReason.Poisoned, ErrorCode.WorkerCrashed, NoMemory);

    public void OnExit(ProcessExit exit, string log)
    {
        WorkerLease? lease;
        WorkerState before;
        lock (_gate)
        {
            (before, lease) = (_state, _lease);
            _state = WorkerState.Gone;
            _lease = null;
        }

        IWorkerJob? job = lease?.Job;
        _settings.Clock.Remove(this);
        bool outOfMemory = _process.Confinement?.WasOutOfMemory == true;
        string why = outOfMemory ? "killed by the kernel: its control group was out of memory" : ExitClassifier.Describe(exit);
        WorkerLog.WorkerGone(_settings.Log, Id, Pid, exit.Code, why);
        if (before < WorkerState.Condemned)
        {
            Fault = log.Length == 0 ? why : $"{why}: {log.Trim()}";
            ErrorCode code = outOfMemory ? ErrorCode.MemoryLimitExceeded : ExitClassifier.Classify(exit, log);
            if (IsLibraryFault(before, code)) FaultCode = ErrorCode.LibraryFailed;
            if (exit.Code == ExitClassifier.ForbiddenCall) Report(SecurityEventKind.ForbiddenSystemCall, Fault, job);
            // No honest worker writes such a state. The compromised worker may be the one that the run has left.
            else if (lease?.LeftWorker is { } left && code == ErrorCode.WorkerCrashed && exit.Code != ExitClassifier.Killed)
                Report(SecurityEventKind.ProtocolViolation, $"it ended with the state of a run that had left worker {left}: {Fault}", job);
            RecycleReason reason = before switch
            {
                WorkerState.Starting => RecycleReason.StartFailed,
                WorkerState.Leaving => RecycleReason.Disposed,
                _ when code == ErrorCode.MemoryLimitExceeded => RecycleReason.Memory,
                _ => RecycleReason.Crashed,
            };
            if (before != WorkerState.Leaving) _owner.OnLost(reason);
            job?.SawMemory(exit.PeakResidentBytes - _files - _baseline);
            job?.FailByExit(code, exit, why);
        }

        _owner.OnGone();
    }

    private void Report(SecurityEventKind kind, string what, IWorkerJob? job = null)
    {
        (string? tenant, ulong id, string? run) = (job?.Tenant, job?.Id ?? 0, job?.RunId);
        _owner.OnSecurityEvent(
            new SecurityEvent { Kind = kind, WorkerId = Id, ProcessId = Pid, Detail = what, Tenant = tenant, JobId = id, RunId = run });
    }

    private static RecycleReason WhyCondemned(in ResultMessage result) => result.Status != RunStatus.Stopped ? RecycleReason.Poisoned
        : result.ReadStop().Reason switch
        {
            StopReason.Deadline or StopReason.Cpu => RecycleReason.Time,
            StopReason.Memory => RecycleReason.Memory,
            _ => RecycleReason.Poisoned,
        };

    /// <summary>Acts on the effect of a frame. True if the next one may come.</summary>
    private bool MayGoOn(FrameOutcome outcome)
    {
        if (outcome == FrameOutcome.Flood) Kill(RecycleReason.Poisoned, ErrorCode.MessageFlood, "message rate");
        else if (outcome is FrameOutcome.Waits or FrameOutcome.HeldBack) _owner.OnWaiting();
        return outcome != FrameOutcome.HeldBack;
    }

    private void Finish(WorkerLease lease, ResultMessage result)
    {
        JobOutcome outcome = lease.Job.Conclude(result);
        WorkerState next = outcome == JobOutcome.Poisoned ? WorkerState.Condemned : IsComparisonDue() ? WorkerState.Compared : WorkerState.Idle;
        long patience = next switch { WorkerState.Condemned => Reprieve, WorkerState.Compared => LookTime, _ => 0 };
        long due = patience == 0 ? long.MaxValue : Clock.Microseconds + patience;
        lock (_gate)
        {
            if (_lease != lease) return;
            _lease = null;
            (_state, _due) = (next, due);
            lease.IsCompared = next == WorkerState.Compared;
        }

        switch (next)
        {
            case WorkerState.Condemned:
                _connection.StopListening();
                Fault = "its job met a limit, or it could not reset itself";
                _owner.OnLost(WhyCondemned(result));
                lease.Job.Settle(null);
                _settings.Clock.Arm(due);
                break;
            case WorkerState.Compared:
                _settings.Clock.Arm(due);
                lease.Job.Settle(_connection);
                ComparisonThreads.Add(this);
                break;
            default:
                // Before the answer, so that a caller that submits another job at once finds this worker free.
                _owner.OnIdle();
                lease.Job.Settle(_connection);
                break;
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
