using Enclave.Guard;
using Enclave.Protocol;
using Enclave.Protocol.Messages;
using Enclave.Workers;

namespace Enclave.Execution;

/// <summary>One accepted run: what was asked, the clocks that run, and the one answer.</summary>
internal sealed class ExecutionJob
{
    private readonly TaskCompletionSource<ExecutionResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _submitted = Clock.Microseconds;
    private readonly ConsolePump? _console;
    private CancellationTokenRegistration _registration;
    private ITimer? _queueTimer;
    private long _started;
    private int _settled;

    public ExecutionJob(ulong id, GuardedScript script, RunLimits limits, byte[] globals, RunOptions? options, Action<Exception> onConsoleFault)
    {
        (Id, Script, Limits, Globals, Options) = (id, script, limits, globals, options);
        SourceName = options?.SourceName ?? "script.js";
        if (options?.OnConsole is { } handler) _console = new ConsolePump(handler, onConsoleFault);
    }

    public ulong Id { get; }

    /// <summary>What runs, and the way back from its places to the user's.</summary>
    public GuardedScript Script { get; }

    public RunLimits Limits { get; }

    public byte[] Globals { get; }

    public RunOptions? Options { get; }

    public string SourceName { get; }

    /// <summary>The tenant's key; null is a tenant of its own, and no name can be mistaken for it.</summary>
    public string TenantKey => Options?.Tenant is { } tenant ? "t:" + tenant : "none";

    public Task<ExecutionResult> Answer => _answer.Task;

    public bool IsSettled => Volatile.Read(ref _settled) != 0;

    /// <summary>The session on a worker, once it runs.</summary>
    public JobSession? Session { get; set; }

    /// <summary>Told once, when the job has its answer. For counting only.</summary>
    public Action? OnSettled { get; set; }

    public TimeSpan QueueWait => Clock.Time((_started == 0 ? Clock.Microseconds : _started) - _submitted);

    public TimeSpan Duration => _started == 0 ? TimeSpan.Zero : Clock.Time(Clock.Microseconds - _started);

    public void MarkStarted() => _started = Clock.Microseconds;

    /// <summary>Calls back when the caller's token is cancelled, unless the job has its answer.</summary>
    public void WatchCancellation(Action<ExecutionJob> cancelled, CancellationToken token)
    {
        if (!token.CanBeCanceled) return;
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
        if (_console is null || IsSettled) return;
        foreach (ConsoleEntry line in lines) _console.Post(new ConsoleLine((ConsoleLevel)line.Level, line.Text));
    }

    /// <summary>Gives the answer if nobody has; whether this was the one.</summary>
    public bool TrySettle(ExecutionResult result)
    {
        if (!Close()) return false;
        if (_console is null) _answer.TrySetResult(result);
        else _console.Finish(() => _answer.TrySetResult(result));
        return true;
    }

    /// <summary>Ends the job as cancelled by its caller.</summary>
    public bool TryCancel(CancellationToken token)
    {
        if (!Close()) return false;
        _answer.TrySetCanceled(token);
        _console?.Finish(() => { });
        return true;
    }

    private bool Close()
    {
        if (Interlocked.Exchange(ref _settled, 1) != 0) return false;
        _queueTimer?.Dispose();
        _registration.Unregister();
        Session?.EndTools();
        OnSettled?.Invoke();
        return true;
    }
}
