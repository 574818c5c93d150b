using System.Collections.Immutable;
using Enclave.Diagnostics;
using Enclave.Guard;
using Enclave.Linux;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Protocol.Messages;
using Enclave.Queues;
using Enclave.Workers;
using Microsoft.Extensions.Logging;

namespace Enclave.Runs;

/// <summary>One accepted run: its request, its timers, and its answer.</summary>
internal sealed class ExecutionJob : IQueued, IFrameWork, IThreadPoolWorkItem
{
    private static readonly TimeSpan s_longestEvent = TimeSpan.FromMilliseconds(200);

    // Completed where the caller's code may run: on the thread pool, or on a worker's thread that does nothing else meanwhile.
    private readonly TaskCompletionSource<ExecutionResult> _answer = new();
    private readonly Lock? _order;
    private readonly long _submitted = Clock.Microseconds;
    private readonly ConsolePump? _console;
    private CancellationTokenRegistration _registration;
    private ITimer? _queueTimer;
    private long _started;
    private int _settled;
    private ExecutionResult? _result;
    /// <summary>The caller's token. It also ends the wait for the console handler, after the registration has been disposed.</summary>
    private CancellationToken _token;
    private ArgumentWork? _argumentWork;
    private HandlerTurns? _turns;
    private CancellationToken _cancelledBy;

    /// <param name="id">Its number.</param>
    /// <param name="script">The accepted script.</param>
    /// <param name="limits">Its limits.</param>
    /// <param name="globals">Its globals in encoded form.</param>
    /// <param name="options">The options of its run; null for none.</param>
    /// <param name="onConsoleFault">Called with what the console handler throws; null to ignore it.</param>
    public ExecutionJob(ulong id, GuardedScript script, RunLimits limits, byte[] globals, RunOptions? options, Action<Exception>? onConsoleFault)
    {
        (Id, Script, Limits, Globals, Options) = (id, script, limits, globals, options);
        SourceName = options?.SourceName ?? RunOptions.DefaultSourceName;
        TenantKey = IQueued.KeyOf(options?.Tenant);
        if (options?.OnConsole is { } handler) _console = new ConsolePump(handler, onConsoleFault ?? (static (_) => { }), TenantKey, TimeProvider.System);
    }

    public ulong Id { get; }

    /// <summary>The id of its run; null for a run of the host's own.</summary>
    public string? RunId { get; init; }

    /// <summary>The log that gets an event if the run fails; null for a run of the host's own.</summary>
    public ILogger? FailureLog { get; init; }

    /// <summary>The accepted script, with the map back to the user's text.</summary>
    public GuardedScript Script { get; }

    /// <summary>The script, as the caller passed it in.</summary>
    public string Source => Script.Source;

    public RunLimits Limits { get; }

    public byte[] Globals { get; }

    public RunOptions? Options { get; }

    /// <summary>The host's memory for its values.</summary>
    public required Limits.HostMemory Memory { get; init; }

    /// <summary>The first invoker of its tools.</summary>
    public required IToolInvoker Tools { get; init; }

    /// <summary>The guard's warnings, and those that apply only if the end of the run confirms them (<see cref="RunWarnings"/>).</summary>
    public ImmutableArray<GuardIssue> Warnings { get; init; } = [];

    /// <summary>True if its values may contain references to values outside.</summary>
    public bool HasReferences { get; init; }

    /// <summary>Its measurement; null without a listener.</summary>
    public IRunMeter? Meter { get; init; }

    /// <summary>The caller's activity, for the traces of its tools.</summary>
    public System.Diagnostics.Activity? Caller { get; } = System.Diagnostics.Activity.Current;

    /// <summary>The observers of the run.</summary>
    public IReadOnlyList<IRunObserver> Observers
    {
        get;
        init
        {
            field = value;
            _order = value.Count > 0 ? new Lock() : null;
        }
    } = [];

    /// <summary>True if an observer takes the run's events. Otherwise no events are made.</summary>
    public bool IsObserved => _order is not null;

    /// <summary>The host's work on the arguments of its calls. It may take as much CPU time as the run itself.</summary>
    public ArgumentWork ArgumentWork => _argumentWork ?? Interlocked.CompareExchange(ref _argumentWork, ArgumentWork.Of(Limits), null) ?? _argumentWork;

    /// <summary>The threads that handlers of its calls hold. Runs without calls need none.</summary>
    public HandlerTurns Turns
    {
        get => _turns ?? Interlocked.CompareExchange(ref _turns, new HandlerTurns(TenantKey), null) ?? _turns;
        init => _turns = value;
    }

    /// <summary>Its calls of tools with a limit.</summary>
    public CallCounts ToolCounts { get; } = new();

    /// <summary>Its fixed seed and time; null for the machine's own.</summary>
    public RunDeterminism? Determinism { get; init; }

    /// <summary>The answer if the caller's token is cancelled; null, or a null answer, to cancel the answer's task instead.</summary>
    public Func<ExecutionJob, ExecutionResult?>? WhenCancelled { get; init; }

    public string SourceName { get; }

    /// <summary>The tenant's key. Runs without a tenant have a key that no name can equal.</summary>
    public string TenantKey { get; }

    object IQueued.Content => Script;

    long IQueued.ContentBytes => Script.Bytes;

    long IQueued.OwnBytes => Globals.Length;

    public Task<ExecutionResult> Answer => _answer.Task;

    public bool IsSettled => Volatile.Read(ref _settled) != 0;

    /// <summary>The run of the outer isolate for its tool calls; null without one.</summary>
    public ExecutionJob? Outer { get; set; }

    /// <summary>The session on a worker, while it runs.</summary>
    public JobSession? Session { get; set; }

    /// <summary>The pool that took it; null before that, and if none did.</summary>
    public IJobOwner? Owner { get; set; }

    public TimeSpan QueueWait => Clock.Time((_started == 0 ? Clock.Microseconds : _started) - _submitted);

    public TimeSpan Duration => _started == 0 ? TimeSpan.Zero : Clock.Time(Clock.Microseconds - _started);

    public void MarkStarted()
    {
        _started = Clock.Microseconds;
        if (IsObserved) Tell(new StartedEvent { QueueWait = QueueWait });
    }

    /// <summary>Calls back when the caller's token is cancelled, unless the job has its answer.</summary>
    public void WatchCancellation(Action<ExecutionJob> cancelled, CancellationToken token)
    {
        if (!token.CanBeCanceled) return;
        _token = token;
        _registration = token.UnsafeRegister((_) => cancelled(this), null);
        if (IsSettled) _registration.Dispose();
    }

    public void WatchQueue(ITimer timer)
    {
        _queueTimer?.Dispose();
        _queueTimer = timer;
        if (IsSettled || _started != 0) timer.Dispose();
    }

    public void LeaveQueue() => _queueTimer?.Dispose();

    public void Show(IReadOnlyList<ConsoleEntry> lines)
    {
        if (IsSettled) return;
        foreach (ConsoleEntry line in lines)
        {
            bool isNew = !IsObserved || Tell(new ConsoleEvent { Level = (ConsoleLevel)line.Level, Text = line.Text }) == Repetition.None;
            if (isNew) _console?.Post(new ConsoleLine((ConsoleLevel)line.Level, line.Text));
        }
    }

    /// <summary>Notifies the observers of an event. Only for a run that is observed.</summary>
    public Repetition Tell(ExecutionEvent happened)
    {
        lock (_order!)
        {
            Repetition repetition = Determinism?.Repeats(this, ref happened) ?? Repetition.None;
            bool isTimer = Determinism is not null && TimerCall.Is(happened);
            foreach (IRunObserver observer in Observers)
            {
                // Timers are for the run's history only.
                if (isTimer && observer != Determinism) continue;
                if (repetition == Repetition.None) observer.Take(this, happened);
                else observer.TakeRepeated(this, happened, repetition);
            }

            return repetition;
        }
    }

    /// <summary>
    /// Makes something happen, and notifies the observers before they learn of anything that follows from it. Only for a run that is observed.
    /// </summary>
    public void Tell(Func<ExecutionEvent> happens)
    {
        lock (_order!) Tell(happens());
    }

    /// <summary>
    /// Tells the observers of the end, after an event that is on its way: a worker may end its script before the observers have the answer that the script got.
    /// Observers must not block; if one does, the run ends after a short wait.
    /// </summary>
    private void TellOfEnd(ExecutionResult? result)
    {
        if (_order is null) return;
        bool isInOrder = _order.TryEnter(s_longestEvent);
        try
        {
            foreach (IRunObserver observer in Observers) observer.Settled(this, result);
        }
        finally
        {
            if (isInOrder) _order.Exit();
        }
    }

    /// <summary>Gives the answer if there is none yet. Returns true if this was the first. The caller is notified on the thread pool.</summary>
    /// <param name="reader">Notifies the caller on this thread, which handles a frame now; null for the thread pool.</param>
    public bool TrySettle(ExecutionResult result, IReaderThread? reader = null)
    {
        if (!Warnings.IsEmpty || ToolCounts.IsMasked) result = result with { Warnings = RunWarnings.Of(Warnings, ToolCounts.IsMasked, result) };
        if (!Close(result)) return false;
        _result = result;
        if (_console is not null) _console.Finish(Complete, _token);
        else if (reader is not null) reader.AfterFrames(this);
        else ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return true;
    }

    /// <summary>Ends a job that is refused. Its caller has no task yet and gets a completed one.</summary>
    public void Refuse(ExecutionResult result)
    {
        if (!Close(result)) return;
        _console?.Close();
        _result = result;
        Complete();
    }

    /// <summary>Ends the job as cancelled by its caller.</summary>
    public bool TryCancel(CancellationToken token)
    {
        if (WhenCancelled?.Invoke(this) is { } answer) return TrySettle(answer);
        if (!Close(null)) return false;
        _cancelledBy = token;
        _console?.Close();
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return true;
    }

    void IFrameWork.Run() => Complete();

    void IFrameWork.RunElsewhere() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    void IThreadPoolWorkItem.Execute() => Complete();

    private void Complete()
    {
        if (_result is not null) _answer.TrySetResult(_result);
        else _answer.TrySetCanceled(_cancelledBy);
    }

    private bool Close(ExecutionResult? result)
    {
        if (Interlocked.Exchange(ref _settled, 1) != 0) return false;
        _queueTimer?.Dispose();
        _registration.Unregister();
        Session?.EndTools();
        TellOfEnd(result);
        bool isFailure = result is not ({ Success: true } or { Error.Code: ErrorCode.Suspended });
        if (FailureLog is not null && isFailure) FailedRun.Log(FailureLog, RunId, Options, result?.Error, Caller);
        Owner?.OnSettled();
        return true;
    }
}
