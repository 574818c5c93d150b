using System.Text;
using Enclave.Isolation;
using Enclave.Limits;
using Enclave.Linux;
using Enclave.Processes;
using Enclave.Protocol;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;
using Enclave.Protocol.Values;
using Enclave.Workers;

namespace Enclave.Runs;

/// <summary>
/// One job on one worker. Checks the worker's messages against the job's limits and turns them into console lines, tool calls and the result.
/// </summary>
/// <remarks>Frames come on the worker's thread only. Failures may come from any thread. The job itself keeps the first answer.</remarks>
internal sealed class JobSession : IWorkerJob
{
    /// <summary>
    /// Where a worker serves several tenants, CPU time is reported in steps of this many microseconds: finer figures would show which pages the worker has used
    /// before.
    /// </summary>
    private const long SharedCpuStep = 1_000;

    /// <summary>Answers of a replay are sent in pieces of about this many bytes.</summary>
    private const int AheadBytes = 256 << 10;

    private readonly ResultBuilder _results;
    private readonly ToolDispatcher _tools;
    private readonly StringBuilder _stdout = new();
    private readonly Lock _stdoutGate = new();
    private MessageRateLimiter _rate;
    private readonly WorkerLease _lease;
    // Larger than any CPU time until the job begins, because other threads may read this field before, and must not count the worker's earlier time.
    private long _cpuAtStart = long.MaxValue;
    private readonly long _cpuStep;
    private long _bytesIn;
    private long _bytesOut;
    private long _peakMemory;
    private int _consoleCalls;
    private long _consoleBytes;
    private ToolCallMessage? _heldBack;
    private bool _waitsForRoom;
    private ExecutionResult? _concluded;

    public JobSession(ExecutionJob job, WorkerLease lease, ResultBuilder results, int maxMessagesPerSecond, LevelLimits level)
    {
        _cpuStep = level.OneTenantPerWorker ? 1 : SharedCpuStep;
        Job = job;
        (_lease, _results) = (lease, results);
        _rate = new MessageRateLimiter(maxMessagesPerSecond);
        ShortestWait = TimeSpan.FromSeconds(2.0 / maxMessagesPerSecond);
        _tools = new ToolDispatcher(this);
        WallClock = new RunClock(job.Limits.TimeoutMicroseconds, lease);
        job.Session = this;
    }

    public ExecutionJob Job { get; }

    /// <inheritdoc/>
    public ulong Id => Job.Id;

    /// <inheritdoc/>
    public string? RunId => Job.RunId;

    /// <inheritdoc/>
    public string? Tenant => Job.Options?.Tenant;

    /// <inheritdoc/>
    public RunLimits Limits => Job.Limits;

    /// <inheritdoc/>
    public TimeSpan Duration => Job.Duration;

    /// <summary>The run's wall clock, which stops while an approval is pending.</summary>
    public RunClock WallClock { get; }

    /// <summary>The least time of a wait for timers that the host answers, so that timers alone do not use up the messages of a second.</summary>
    public TimeSpan ShortestWait { get; }

    /// <inheritdoc/>
    public bool WaitsForTools => _tools.Pending > 0 || WaitsForRoom;

    /// <inheritdoc/>
    public bool WaitsForRoom => Volatile.Read(ref _waitsForRoom);

    /// <summary>The run's time and memory so far.</summary>
    public ExecutionStats Measured => Stats(long.MaxValue);

    /// <inheritdoc/>
    public long CpuMicroseconds => Math.Max(0, _lease.CpuMicroseconds - _cpuAtStart);

    /// <summary>Sends the job to its worker, which has taken it. Called once.</summary>
    public void Begin()
    {
        _cpuAtStart = _lease.CpuMicroseconds;
        WallClock.Start();
        Job.MarkStarted();
        Job.LeaveQueue();
        RunOrigin origin = Job.Determinism?.Start() ?? default;
        try
        {
            Send((frames) => ExecuteMessage.Write(frames, Job.Id, Job.Script.Code, Job.SourceName, Job.Limits, Job.Globals, origin, ProgramKey.Of(Job)));
            if (Job.Determinism is not null) SendAhead(Job.Determinism);
        }
        catch (OutOfMemoryException)
        {
            _lease.EndForMemory();
            return;
        }

        // The run was cancelled on its way here.
        if (Job.IsSettled) _lease.Cancel();
    }

    public void Send(Action<FrameBuffer> write) => Send(write, HeldMemory.None);

    /// <inheritdoc cref="WorkerLease.Send"/>
    public void Send(Action<FrameBuffer> write, HeldMemory memory) => Interlocked.Add(ref _bytesIn, _lease.Send(write, memory));

    /// <summary>Resumes a call that waited for memory: there is room now, or the run has ended.</summary>
    public void Resume() => _lease.Resume();

    public void Cancel() => _lease.Cancel();

    /// <summary>The calls of tools that the run may still make.</summary>
    public int CallsLeft => _tools.Left;

    /// <summary>Asks the worker to end the job if its script only waits and has made no other call.</summary>
    /// <param name="calls">The number of its calls.</param>
    public void Suspend(uint calls) => Send(new SuspendMessage(Job.Id, calls).Write);

    /// <summary>The calls so far, those for timers included, and how many of them have no answer.</summary>
    public (int Made, int Pending) Calls => (_tools.Calls, _tools.Pending);

    /// <inheritdoc/>
    public bool HasAnswer => Job.IsSettled;

    /// <summary>Its right to a worker. It is another one after the job has left a worker.</summary>
    public WorkerLease Lease => _lease;

    /// <summary>The thread that reads the frames of its worker.</summary>
    public IReaderThread Reader => _lease.Reader;

    /// <summary>The tool call that has run longest of those that are not answered yet; null if there is none.</summary>
    public OpenCall? LongestCall => _tools.Longest;

    /// <summary>The tool calls that the script has made.</summary>
    public int ToolCalls => _tools.ToolCalls;

    public void EndTools()
    {
        _tools.End();
        _lease.Drop();
    }

    /// <inheritdoc/>
    public void SawMemory(long growth) => InterlockedMax(ref _peakMemory, growth);

    /// <inheritdoc/>
    public FrameOutcome OnFrame(in Frame frame)
    {
        _bytesOut += ProtocolLimits.FrameHeaderBytes + frame.Body.Length;
        _lease.NoteActivity();
        if (Job.Determinism is not { HasMessageRate: false } && !_rate.TryTake()) return FrameOutcome.Flood;
        switch (frame.Type)
        {
            case FrameType.Console:
                OnConsole(ConsoleMessage.Read(
                    frame.Body, Job.Limits.MaxConsoleCalls + 1 - _consoleCalls, Job.Limits.MaxConsoleBytes - _consoleBytes));
                return FrameOutcome.Handled;
            case FrameType.ToolCall: return OnToolCall(ToolCallMessage.Read(frame.Body));
            default: throw ProtocolException.At(0, $"a {frame.Type} frame while a job runs");
        }
    }

    /// <inheritdoc/>
    public FrameOutcome OnResumed()
    {
        if (_heldBack is not { } message) return FrameOutcome.Handled;
        _heldBack = null;
        return OnToolCall(message);
    }

    /// <inheritdoc/>
    public JobOutcome Conclude(in ResultMessage result)
    {
        CheckJob(result.JobId);
        _bytesOut += ProtocolLimits.FrameHeaderBytes + result.Payload.Length;
        bool isLimit = result.Status == RunStatus.Stopped && result.ReadStop().Reason is not (StopReason.Cancelled or StopReason.Suspended);
        bool poisons = result.Usage.Ready == 0 || isLimit;
        ExecutionStats stats = Stats(result.Usage.CpuMicroseconds) with
        {
            IterationCount = Math.Min(result.Usage.Iterations, Job.Limits.MaxTotalIterations),
            PeakMemoryBytes = Math.Min(result.Usage.PeakMemoryBytes, Job.Limits.MemoryBytes + WorkerBudget.Allowance),
        };
        _concluded = _results.FromWorker(Job, result, stats, Stdout());
        return poisons ? JobOutcome.Poisoned : JobOutcome.Clean;
    }

    /// <inheritdoc/>
    public void Settle(IReaderThread? reader) => Job.TrySettle(_concluded!, reader);

    /// <inheritdoc/>
    public void Fail(ErrorCode code, string why) => Job.TrySettle(_results.Failed(Job, code, why, Stats(long.MaxValue), Stdout()));

    /// <summary>The statistics of a run that was stopped on purpose.</summary>
    public ExecutionResult Abandoned(ExecutionError why) => ResultBuilder.Failure(why, Stats(long.MaxValue), Stdout(), Job.RunId);

    /// <inheritdoc/>
    public void FailByExit(ErrorCode code, in ProcessExit exit, string why)
    {
        Job.TrySettle(_results.FailedByExit(Job, code, exit, why, Stats(long.MaxValue), Stdout()));
    }

    /// <summary>The worker takes each answer when its script only waits, so the answers need not wait for their calls.</summary>
    private void SendAhead(RunDeterminism determinism)
    {
        IReadOnlyList<ToolResultEvent> answers = determinism.Ahead;
        for (int next = 0; next < answers.Count;)
        {
            determinism.AheadMemory.Retain();
            long sent = _lease.Send(
                (frames) =>
                {
                    for (; next < answers.Count && frames.Written.Length < AheadBytes; next++) Write(frames, answers[next]);
                },
                determinism.AheadMemory);
            // The worker is gone.
            if (sent == 0) break;
            Interlocked.Add(ref _bytesIn, sent);
        }

        determinism.SentAhead();
    }

    private void Write(FrameBuffer frames, ToolResultEvent answer)
    {
        if (answer.Failure is { } failure)
            ToolResultMessage.WriteError(frames, Job.Id, answer.Call, failure.Name, failure.Message, failure.Code, answer.ScriptTime);
        else
            ToolResultMessage.WriteValue(frames, Job.Id, answer.Call, answer.Encoding.Span, answer.ScriptTime);
    }

    private void OnConsole(in ConsoleMessage message)
    {
        CheckJob(message.JobId);
        lock (_stdoutGate)
        {
            foreach (ConsoleEntry line in message.Lines)
            {
                _consoleBytes += Encoding.UTF8.GetByteCount(line.Text);
                // The worker enforces the limit itself. The one additional line is the line that exceeded it.
                if (++_consoleCalls > Job.Limits.MaxConsoleCalls + 1 || _consoleBytes > Job.Limits.MaxConsoleBytes)
                {
                    throw ProtocolException.At(0, "console output above its limits");
                }

                _stdout.Append(line.Text).Append('\n');
            }
        }

        Job.Show(message.Lines);
    }

    private FrameOutcome OnToolCall(in ToolCallMessage message)
    {
        CheckJob(message.JobId);
        bool computed = !WaitsForTools;
        bool made = _tools.TryCall(message);
        if (!made) _heldBack = message;
        Volatile.Write(ref _waitsForRoom, !made);
        return !made ? FrameOutcome.HeldBack : computed ? FrameOutcome.Waits : FrameOutcome.Handled;
    }

    private void CheckJob(ulong id)
    {
        if (id != Job.Id) throw ProtocolException.At(0, $"a frame for job {id} while job {Job.Id} runs");
    }

    private ExecutionStats Stats(long claimedCpu)
    {
        long counted = CpuMicroseconds, cpu = Math.Min(claimedCpu, counted);
        return new ExecutionStats
        {
            // Read before the run's duration, which includes it.
            ToolTime = _tools.Time,
            Duration = Job.Duration,
            QueueWait = Job.QueueWait,
            CpuTime = Clock.Time((cpu + _cpuStep - 1) / _cpuStep * _cpuStep),
            KernelCpuTime = Clock.Time(counted),
            ToolCallCount = _tools.ToolCalls,
            PeakMemoryBytes = Volatile.Read(ref _peakMemory),
            BytesIn = Interlocked.Read(ref _bytesIn),
            BytesOut = _bytesOut,
            WorkerId = _lease.WorkerId,
            Isolation = _lease.IsolationTag,
        };
    }

    private string Stdout()
    {
        lock (_stdoutGate) return _stdout.ToString();
    }

    private static void InterlockedMax(ref long target, long value)
    {
        for (long seen = Volatile.Read(ref target); value > seen;)
        {
            long before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen) return;
            seen = before;
        }
    }
}
