using System.Runtime.Versioning;
using Enclave.Isolation;
using Enclave.Isolation.Seccomp;
using Enclave.Linux;
using Enclave.Processes;
using Enclave.Protocol;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;
using Enclave.Workers.Comparison;

namespace Enclave.Workers;

/// <summary>The process that a pool's workers are forked from. It has the same jail as its workers, and stays at its checkpoint.</summary>
/// <remarks>It never sees a script or a value.</remarks>
[SupportedOSPlatform("linux")]
internal sealed class Nursery : IFrameSink, ISharedCheckpoint, IDisposable
{
    /// <summary>Processes in its control group: itself, and cells that have not entered their own group yet.</summary>
    private const int GroupProcesses = 64;

    /// <summary>A pool that replaces fewer cells than this needs no branches.</summary>
    private const int FewCells = 4;

    /// <summary>The most branches. Each takes 0.3 MB.</summary>
    private const int MaxBranches = 32;

    /// <summary>Longer than the kernel takes to end a process of this size.</summary>
    private static readonly TimeSpan s_dying = TimeSpan.FromSeconds(1);

    /// <summary>How long a nursery that must end may take until the launches that wait for it get another.</summary>
    private static readonly TimeSpan s_reaping = TimeSpan.FromSeconds(5);

    /// <summary>The time between two attempts to take the image.</summary>
    private static readonly TimeSpan s_takeAgain = TimeSpan.FromSeconds(1);

    /// <summary>Cells share its address layout and its hash seed, so it is replaced after this time.</summary>
    private static readonly TimeSpan s_maxAge = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly SpawnedWorker _process;
    private readonly NurserySocket _socket;
    private readonly WorkerSetup _setup;
    private readonly INurseryOwner _owner;
    private readonly IWorkerConnection _connection;
    private readonly byte[] _nonce = System.Security.Cryptography.RandomNumberGenerator.GetBytes(ProtocolLimits.NonceBytes);
    private readonly List<ForkedProcess> _cells = [];
    private readonly List<NurseryBranch> _branches = [];
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Timer _deadline;
    private readonly long _started = Clock.Microseconds;
    private readonly Lock _taking = new();
    private ImageAttempt? _image;
    private long _nextTake;
    private PageRange _book;
    private CodeRange? _code;
    private int? _filters;
    private string? _fault;
    private ErrorCode _faultCode = ErrorCode.WorkerCrashed;
    private int _forked;
    private int _reaped;
    private int _kept;
    private bool _isBranching;
    private bool _isReady;
    private bool _isOverdue;
    private bool _isRetired;
    private bool _hasEnded;

    public Nursery(SpawnedWorker process, NurserySocket socket, WorkerSetup setup, INurseryOwner owner)
    {
        (_process, _socket, _setup, _owner) = (process, socket, setup, owner);
        _connection = process.Connect(setup.MaxFrameBytes, this);
        _deadline = new Timer((_) => OnDeadline(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The image of its memory, which cells have between two jobs, or the reason why there is none. Taken at the first call.</summary>
    /// <exception cref="OutOfMemoryException">The host has no memory for it.</exception>
    public ImageAttempt TakeImage()
    {
        if (Volatile.Read(ref _image) is { IsFinal: true } taken) return taken;
        lock (_taking)
        {
            // An attempt that failed for lack of a descriptor is repeated later.
            if (_image is { } last && (last.IsFinal || Clock.Microseconds < _nextTake)) return last;
            ImageAttempt now = CheckpointImage.TryTake(_process.Pid, _book, PageListing);
            _nextTake = Clock.Microseconds + s_takeAgain.ToMicroseconds();
            // The kernel shows as little of a process that has ended as of one that the host may not read.
            if (now.Image is null && _process.EndsWithin(TimeSpan.Zero)) now = new ImageAttempt(null, "its nursery has ended", IsFinal: false);
            Volatile.Write(ref _image, now);
            return now;
        }
    }

    /// <inheritdoc/>
    public PageRange[]? Mapped => Volatile.Read(ref _image)?.Image?.Mapped;

    /// <summary>Completes when the process has been reaped, and all its cells have ended.</summary>
    public Task Gone => _gone.Task;

    /// <summary>How pages are found whose content is compared.</summary>
    public PageListing PageListing { get; init; }

    /// <summary>The most cells that the nursery forks before it is replaced: they share its address layout and its hash seed. Default: 10,000.</summary>
    public int MaxCells { get; init; } = 10_000;

    /// <summary>True if the nursery should be replaced.</summary>
    public bool IsWorn => _forked >= MaxCells || Clock.Microseconds - _started > s_maxAge.ToMicroseconds();

    /// <summary>Says hello and starts listening.</summary>
    public void Open()
    {
        _deadline.Change(_setup.StartTime, Timeout.InfiniteTimeSpan);
        WorkerLock plan = _process.Confinement!.LockNursery();
        // Send the hello first: the nursery waits for it, and the host's first connection starts threads, which takes time.
        _connection.Send(_setup.FirstHello(_nonce, plan).Write);
        if (_setup.Libraries.Any) _connection.SendShared(_setup.Libraries.Frames, null);
        _connection.Start();
    }

    /// <summary>Forks a cell. Null if that fails: <paramref name="fault"/> then has the reason, and the caller keeps <paramref name="confinement"/>.</summary>
    public ForkedProcess? Fork(Confinement confinement, out string? fault)
    {
        fault = null;
        // A branch that does not answer may still fork a cell with its pipes. So the nursery gets other pipes.
        return FreeBranch(confinement.Plan) is { } branch && Fork(confinement, branch, out _) is { } cell ? cell : Fork(confinement, branch: null, out fault);
    }

    /// <param name="confinement">The cell's resources of the machine.</param>
    /// <param name="branch">The branch that forks it; null for the nursery itself.</param>
    /// <param name="fault">The reason of a failure.</param>
    private ForkedProcess? Fork(Confinement confinement, NurseryBranch? branch, out string? fault)
    {
        using var pipes = new PipeEnds();
        fault = pipes.Open(PipeEnds.OfWorker);
        if (fault is not null) return null;
        // Registered under the lock, so that its end cannot be reported first.
        lock (_gate)
        {
            if (_hasEnded)
            {
                fault = "the nursery ended";
                return null;
            }

            if ((branch?.Socket ?? _socket).Order(pipes, out fault) is not { } made)
            {
                // A branch that is stopped or dead.
                if (branch is not null) Drop_NeedsLock(branch);
                return null;
            }

            _forked++;
            int pid = ProcFile.PidOf(made.PidFd);
            if (pid <= 0)
            {
                _ = Libc.close(made.PidFd);
                fault = "the cell ended at once";
                return null;
            }

            (confinement.Code, confinement.FiltersBefore) = (_code, _filters);
            var cell = new ForkedProcess(pid, made.Process, made.PidFd, pipes.Take(), confinement, this);
            _cells.Add(cell);
            branch?.Adopt(cell);
            return cell;
        }
    }

    /// <summary>A branch without a cell. If there is none, a branch may be made for a later cell: the current cell need not wait for it.</summary>
    private NurseryBranch? FreeBranch(IsolationPlan plan)
    {
        lock (_gate)
        {
            foreach (NurseryBranch spent in _branches.FindAll(static (branch) => branch.IsSpent)) Drop_NeedsLock(spent);
            if (_branches.Find(static (branch) => branch.IsFree) is { } free) return free;
            if (_isBranching || _hasEnded || _reaped < FewCells || _branches.Count >= MaxBranches || !plan.Applies(IsolationLayer.ControlGroup)) return null;
            _isBranching = true;
        }

        ThreadPool.QueueUserWorkItem(static (nursery) => nursery.AddBranch(), this, preferLocal: false);
        return null;
    }

    private void AddBranch()
    {
        var branch = NurseryBranch.TryMake(Fork, _process.Confinement!.Plan.Machine.ControlGroups);
        lock (_gate)
        {
            _isBranching = false;
            if (!_hasEnded)
            {
                if (branch is not null) _branches.Add(branch);
                return;
            }
        }

        branch?.Dispose();
        _gone.TrySetResult();

        (int Process, int PidFd)? Fork(NurserySocket socket)
        {
            lock (_gate) return _hasEnded ? null : _socket.Order(socket, out _);
        }
    }

    private void Drop_NeedsLock(NurseryBranch branch)
    {
        _branches.Remove(branch);
        branch.Dispose();
    }

    /// <summary>Forks no more cells, except for runs that have left their workers. The nursery ends after its last cell and the last such run.</summary>
    public void Retire()
    {
        lock (_gate) _isRetired = true;
        EndIfUnused();
    }

    public bool HasEnded => Volatile.Read(ref _hasEnded);

    public bool IsRetired => Volatile.Read(ref _isRetired);

    // Both methods work without the lock: a fork holds the lock for milliseconds, and the pool must not wait.
    public bool TryKeep()
    {
        if (Volatile.Read(ref _hasEnded)) return false;
        Interlocked.Increment(ref _kept);
        return true;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _kept) == 0 && Volatile.Read(ref _isRetired))
            ThreadPool.QueueUserWorkItem(static (nursery) => nursery.EndIfUnused(), this, preferLocal: false);
    }

    private void EndIfUnused()
    {
        bool isUnused;
        lock (_gate) isUnused = _isRetired && _cells.Count + Volatile.Read(ref _kept) == 0;
        if (isUnused) Kill();
    }

    /// <summary>Ends it and all its cells.</summary>
    public void Kill() => _connection.Kill();

    /// <summary>Releases its resources in the host.</summary>
    public void Dispose()
    {
        _deadline.Dispose();
        _socket.Dispose();
    }

    public bool OnFrame(in Frame frame)
    {
        switch (frame.Type)
        {
            case FrameType.Ready when !_isReady: BecomeReady(ReadyMessage.Read(frame.Body)); break;
            case FrameType.LibraryFault when !_isReady: Fail(_setup.Libraries.Describe(LibraryFaultMessage.Read(frame.Body)), ErrorCode.LibraryFailed); break;
            case FrameType.Ended when _isReady: OnEnded(EndedMessage.Read(frame.Body)); break;
            default: throw ProtocolException.At(0, $"a {frame.Type} frame from a nursery");
        }

        return true;
    }

    public bool OnResumed() => true;

    public void OnProtocolFault(ProtocolException fault) => Fail(fault.Message);

    public void OnOutOfMemory() => Fail(Worker.NoMemory);

    public void OnExit(ProcessExit exit, string log)
    {
        ForkedProcess[] cells;
        NurseryBranch[] branches;
        bool isBranching;
        lock (_gate)
        {
            _hasEnded = true;
            isBranching = _isBranching;
            // Under the lock: a fork that is under way uses the socket.
            Dispose();
            (cells, branches) = ([.. _cells], [.. _branches]);
            _cells.Clear();
            _branches.Clear();
        }

        foreach (NurseryBranch branch in branches) branch.Dispose();

        // The kernel kills the cells with the nursery. Kill them here too, without relying on that.
        foreach (ForkedProcess cell in cells)
        {
            cell.Kill();
            cell.Ended(new ProcessExit(ExitClassifier.Killed, 0));
        }

        bool isOutOfMemory = _process.Confinement?.WasOutOfMemory == true;
        string why = _fault ?? (isOutOfMemory ? "killed by the kernel: its control group was out of memory" : ExitClassifier.Describe(exit));
        ErrorCode code = isOutOfMemory ? ErrorCode.MemoryLimitExceeded : ExitClassifier.Classify(exit, log);
        if (!_isReady && _fault is null && _setup.BlamesLibraries(code)) _faultCode = ErrorCode.LibraryFailed;
        string told = log.Length == 0 ? why : $"{why}: {log.Trim()}";
        if (exit.Code == ExitClassifier.ForbiddenCall) _owner.OnViolation(SecurityEventKind.ForbiddenSystemCall, _process.Pid, told);
        _owner.OnEnded(this, told, _faultCode);
        if (!isBranching) _gone.TrySetResult();
    }

    private void BecomeReady(ReadyMessage ready)
    {
        if (!ready.Nonce.Span.SequenceEqual(_nonce)) throw ProtocolException.At(0, "the nonce of the hello was not repeated");
        _deadline.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _isReady = true;
        _book = Claims.BookOf(ready.Capabilities) is var (begin, end) ? new PageRange(begin, end) : default;
        _code = Claims.CodeOf(ready.Capabilities) is var (first, last) ? new CodeRange(first, last) : null;
        if (_process.Meet() && _process.Confinement is { } confinement)
        {
            var seen = new WorkerInspection(_process);
            if (seen.IsShort)
            {
                Fail(IsolationVerification.NoDescriptor);
                return;
            }

            _filters = seen.IsHidden ? null : seen.Filters;
            if (NurseryCheck.Mismatch(confinement.Plan, ready.Capabilities, seen, confinement.FiltersBefore) is { } mismatch)
            {
                // The kernel's view of a dying process proves nothing.
                if (_process.EndsWithin(s_dying)) return;
                _owner.OnViolation(SecurityEventKind.IsolationMismatch, _process.Pid, $"nursery: {mismatch}");
                Fail($"the nursery is not isolated: {mismatch}", ErrorCode.IsolationUnavailable);
                return;
            }

            confinement.EnterGroup(_process.Pid);
            confinement.Follow(_process);
            confinement.LimitNurseryGroup(GroupProcesses);
        }

        _owner.OnReady(this);
    }

    private void OnEnded(EndedMessage ended)
    {
        ForkedProcess? cell;
        // The oldest cell with that number: the kernel reuses a number only after its process is gone.
        lock (_gate)
        {
            cell = _cells.Find((known) => known.OwnPid == ended.Process);
            if (cell is not null) _reaped++;
            else if (_branches.Find((branch) => branch.Process == ended.Process) is { } dead) Drop_NeedsLock(dead);
        }

        if (cell is null) return;
        cell.Ended(new ProcessExit(ended.Code, ended.PeakKilobytes * 1024));
        Forget(cell);
    }

    /// <summary>Removes a cell that has ended. A stopped nursery does not report it.</summary>
    public void Forget(ForkedProcess cell)
    {
        lock (_gate) _cells.Remove(cell);
        EndIfUnused();
    }

    private void OnDeadline()
    {
        if (_isOverdue) _owner.OnStuck(this, _fault!, _faultCode);
        _isOverdue = true;
        Fail(_setup.NotReadyInTime());
        try
        {
            _deadline.Change(s_reaping, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // The nursery has just ended.
        }
    }

    private void Fail(string why, ErrorCode code = ErrorCode.WorkerCrashed)
    {
        if (_fault is null) (_fault, _faultCode) = (why, code);
        Kill();
    }
}
