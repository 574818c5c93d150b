using Enclave.Isolation;
using Enclave.Queues;

namespace Enclave.Runs;

/// <summary>The messages of failures that the host detects: what happened, the number, the remedy.</summary>
internal sealed class FailureText(WorkerPoolOptions pool)
{
    private const int MaxToolCharacters = 100;

    private static readonly string s_mostQueued = $"{QueuedBytes.Most >> 20} MB";

    public ExecutionError For(ExecutionJob job, ErrorCode code, string why) => code switch
    {
        ErrorCode.Timeout => Timeout(job, why, null),
        ErrorCode.MemoryLimitExceeded => Memory(job, why),
        ErrorCode.MaxToolCalls => ToolCalls(job, why),
        ErrorCode.OutputLimit => Output(job, why),
        ErrorCode.MessageFlood => Make(
            code,
            $"the script caused more than {pool.MaxMessagesPerSecond} messages in a second (MaxMessagesPerSecond): call fewer tools, or raise it",
            ("limit", pool.MaxMessagesPerSecond)),
        ErrorCode.WorkerCrashed => Make(code, $"the worker process ended while it held the job ({why}); the job is not run again", ("reason", why)),
        ErrorCode.ProtocolViolation => Make(code, $"the worker broke the protocol and was killed ({why})", ("reason", why)),
        ErrorCode.Cancelled => Make(code, "the job was cancelled", ("reason", why)),
        ErrorCode.PoolDisposed => Make(code, $"the host was disposed before the job had ended ({why})", ("reason", why)),
        _ => Make(code, why),
    };

    /// <summary>The caller's token is cancelled, and a reader of events gets the run's end as its last one.</summary>
    public static ExecutionError CallerCancelled() => Make(ErrorCode.Cancelled, "the caller cancelled the run", ("reason", "caller"));

    public ExecutionError QueueFull(PoolSnapshot snapshot, bool tenant) => Make(
        tenant ? ErrorCode.ShareFull : ErrorCode.QueueFull,
        tenant
            ? $"the tenant's jobs fill its share of the queue (MaxQueuedPerTenant {pool.MaxQueuedPerTenant ?? pool.MaxQueueSize}): wait for some to end"
            : $"{snapshot.ActiveWorkers} jobs run and {snapshot.QueueDepth} wait, and {pool.MaxQueueSize} may wait beyond {pool.MaxWorkers} workers " +
            $"(MaxQueueSize, MaxWorkers), with scripts and globals of {s_mostQueued} together: slow down, or raise one of them",
        Queue(snapshot));

    public ExecutionError QueueTimeout(PoolSnapshot snapshot) => Make(
        ErrorCode.QueueTimeout,
        $"no worker came free within {Seconds(pool.QueueTimeout)} (QueueTimeout); the job never started. {snapshot.ActiveWorkers} of {pool.MaxWorkers} " +
        "workers run jobs",
        Queue(snapshot));

    public ExecutionError ExaminationQueueFull(PoolSnapshot snapshot, QueueVerdict verdict) => Make(
        verdict == QueueVerdict.TenantFull ? ErrorCode.ShareFull : ErrorCode.QueueFull,
        verdict == QueueVerdict.TenantFull
            ? $"{pool.MaxQueuedPerTenant} scripts of the tenant with more than {LargeScripts.Least} characters wait for the guard, the most allowed " +
                $"(MaxQueuedPerTenant {pool.MaxQueuedPerTenant}): wait for some to end, or send smaller scripts"
            : $"{pool.MaxQueueSize} scripts of more than {LargeScripts.Least} characters wait for the guard (MaxQueueSize), or they hold {s_mostQueued} with " +
                "their globals, the most allowed: slow down, send smaller scripts, or raise MaxQueueSize",
        Queue(snapshot));

    public ExecutionError ScoringQueueFull(PoolSnapshot snapshot, QueueVerdict verdict) => Make(
        verdict == QueueVerdict.TenantFull ? ErrorCode.ShareFull : ErrorCode.QueueFull,
        verdict == QueueVerdict.TenantFull
            ? $"the tenant's scripts that wait for their score fill its share of workers and queue (MaxWorkers {pool.MaxWorkers}, MaxQueuedPerTenant " +
                $"{pool.MaxQueuedPerTenant}): wait for some to end"
            : $"as many scripts wait for their score as workers and queue take (MaxWorkers {pool.MaxWorkers}, MaxQueueSize {pool.MaxQueueSize}), or they " +
                $"hold {s_mostQueued} with their globals: slow down, or raise MaxQueueSize",
        Queue(snapshot));

    public ExecutionError ExaminationTimeout(PoolSnapshot snapshot) => Make(
        ErrorCode.QueueTimeout,
        $"the guard did not begin with the script within {Seconds(pool.QueueTimeout)} (QueueTimeout); the job never started. Scripts of more than " +
        $"{LargeScripts.Least} characters are examined on at most half of the cores: send fewer at a time, or smaller ones",
        Queue(snapshot));

    public static ExecutionError StartFailed(PoolSnapshot snapshot, ErrorCode code) => Make(
        code,
        code == ErrorCode.LibraryFailed
            ? $"no script runs, since a library of the host cannot be evaluated: {snapshot.LastStartFailure?.TrimEnd('.')}"
            : $"no worker could be started: {snapshot.LastStartFailure?.TrimEnd('.')}. enclave doctor says what is missing",
        [("phase", "start"), .. Queue(snapshot)]);

    public static ExecutionError Isolation(IsolationPlan plan)
    {
        string level = plan.Level.ToString().ToUpperInvariant();
        return Make(
            ErrorCode.IsolationUnavailable,
            plan.IsPortable
                ? $"{level} needs the native engine: the portable one has no jail, and offers STANDARD and PERMISSIVE. Run the host on Linux x64 with " +
                    "Engine = Native, or choose a lower level"
                : $"{level} needs what this machine does not give: " +
                    $"{string.Join("; ", plan.Missing.Select((layer) => $"{layer.Layer} ({layer.Detail}: {layer.Remedy})"))}. Or accept the loss by naming " +
                    "it in AllowDegradedIsolation",
            ("layers", plan.Missing.Select((layer) => layer.Layer.ToString()).ToArray()));
    }

    /// <param name="where">The place of the loop in the script, as the worker reports it.</param>
    /// <param name="counted">Iterations of the whole run, as the worker reports them.</param>
    public static ExecutionError Iterations(ExecutionJob job, long where, long counted)
    {
        bool total = counted > job.Limits.MaxTotalIterations;
        long limit = total ? job.Limits.MaxTotalIterations : job.Limits.MaxIterations;
        int? line = job.Script.LineOf(where);
        string place = line is null ? "" : $" in line {line}";
        return Make(
            ErrorCode.MaxIterations,
            total
                ? $"the script's loops made more than {limit} iterations together (100 times MaxIterations), the last one{place}: do less, " +
                "or raise MaxIterations"
                : $"a loop{place} made more than {limit} iterations (MaxIterations): do less in one loop, or raise it",
            ("limit", limit),
            ("reason", total ? "total" : "loop"),
            ("line", line));
    }

    /// <param name="job">The job.</param>
    /// <param name="why"><c>deadline</c>, <c>cpu</c> or <c>host memory</c>.</param>
    /// <param name="line">The line in which the script was computing; null if it was waiting, or if the line is unknown.</param>
    /// <param name="cpuMicroseconds">The CPU time that it took; null if it is unknown.</param>
    public static ExecutionError Timeout(ExecutionJob job, string why, int? line, long? cpuMicroseconds = null)
    {
        bool cpu = why == "cpu";
        if (why == "deadline" && SlowTool(job) is { } slow) return slow;
        TimeSpan limit = Linux.Clock.Time(cpu ? job.Limits.CpuMicroseconds : job.Limits.TimeoutMicroseconds);
        string place = line is null ? "" : $" and was computing in line {line}";
        return Make(
            ErrorCode.Timeout,
            why switch
            {
                "cpu" => $"the script used its {Seconds(limit)} of CPU time{place}: do less, or raise CpuTimeout",
                "host memory" => $"the script had not ended after {Seconds(limit)}; a tool call of it still waited for room in the host's memory: " +
                $"await calls before making others, pass less to them, or raise HostMemoryLimitPerRun (now {job.Memory.PerRun} bytes) or HostMemoryLimit " +
                $"(now {job.Memory.Limit} bytes)",
                _ => $"the script had not ended after {Seconds(limit)}{place}: do less, await less, or raise Timeout",
            },
            [
                ("reason", why), ("limitMs", limit.TotalMilliseconds), .. line is null ? [] : new[] { ("line", (object?)line) },
                .. Work(job, why, cpuMicroseconds),
            ]);
    }

    /// <summary>What a run did that took too long: its tool calls, and whether it waited for a timer at its end.</summary>
    private static (string Key, object? Value)[] Work(ExecutionJob job, string why, long? cpuMicroseconds)
    {
        if (why != "deadline" || job.Session is not { } session) return [];
        // A run that neither computes nor waits for a call waits for a timer: other promises cannot settle, and end the run at once.
        bool isIdle = session.LongestCall is null && cpuMicroseconds < job.Limits.TimeoutMicroseconds / 4;
        return [("calls", session.ToolCalls), .. isIdle ? new[] { ("waited", (object?)"timer") } : []];
    }

    /// <summary>The error of a run that waited for one tool most of its time; null if it did not.</summary>
    private static ExecutionError? SlowTool(ExecutionJob job)
    {
        if (job.Session?.LongestCall is not { } call) return null;
        TimeSpan limit = Linux.Clock.Time(job.Limits.TimeoutMicroseconds), taken = Linux.Clock.Time(Math.Max(0, Linux.Clock.Microseconds - call.Start));
        if (taken < limit / 2) return null;
        // The run's clock stands still while a person is asked for an approval.
        if (taken > limit) taken = limit;
        string tool = call.Tool.Length <= MaxToolCharacters ? call.Tool : $"{call.Tool[..MaxToolCharacters]}…";
        return Make(
            ErrorCode.Timeout,
            $"the run's time of {Seconds(limit)} (Timeout) ended while {tool} was working, for {Seconds(taken)} already: raise Timeout (--timeout at the " +
            "command line), or make the tool faster",
            ("reason", "deadline"),
            ("limitMs", limit.TotalMilliseconds),
            ("tool", tool),
            ("toolMs", taken.TotalMilliseconds));
    }

    private ExecutionError Memory(ExecutionJob job, string why)
    {
        long limit = job.Limits.MemoryBytes >> 20, worker = pool.MemoryLimitPerWorker >> 20;
        return Make(
            ErrorCode.MemoryLimitExceeded,
            $"the script held more than its limit of {limit} MB ({why}). Raise it with MemoryLimit (now {limit} MB, worker limit {worker} MB), " +
            "or keep less at once",
            ("limitBytes", job.Limits.MemoryBytes),
            ("reason", why));
    }

    private static ExecutionError ToolCalls(ExecutionJob job, string why)
    {
        bool pending = why == "pending";
        int limit = pending ? job.Limits.MaxPendingToolCalls : job.Limits.MaxToolCalls;
        return Make(
            ErrorCode.MaxToolCalls,
            pending
                ? $"the script had {limit} tool calls under way and made another: await some first, or raise MaxPendingToolCalls"
                : $"the script called tools more than {limit} times: call fewer, or raise MaxToolCalls",
            ("reason", why),
            ("limit", limit));
    }

    private static ExecutionError Output(ExecutionJob job, string why) => why switch
    {
        "console calls" => Make(
            ErrorCode.OutputLimit, $"the script wrote more than {job.Limits.MaxConsoleCalls} console lines (MaxConsoleCalls)", ("reason", why),
            ("limit", job.Limits.MaxConsoleCalls)),
        "console bytes" => Make(
            ErrorCode.OutputLimit, $"the script wrote more than {job.Limits.MaxConsoleBytes} bytes to its console (MaxConsoleBytes)", ("reason", why),
            ("limit", job.Limits.MaxConsoleBytes)),
        _ => Make(
            ErrorCode.OutputLimit,
            $"the value is too large: {why}. Return less; the limits are {job.Limits.MaxValueDepth} levels, {job.Limits.MaxValueProperties} members and " +
            $"{job.Limits.MaxValueBytes} bytes",
            ("reason", why)),
    };

    private static (string, object?)[] Queue(PoolSnapshot snapshot) =>
    [
        ("queueDepth", snapshot.QueueDepth), ("activeWorkers", snapshot.ActiveWorkers), ("startingWorkers", snapshot.StartingWorkers),
        ("lastStartFailure", snapshot.LastStartFailure),
    ];

    private static ExecutionError Make(ErrorCode code, string message, params (string Key, object? Value)[] data) => new()
    {
        Code = code,
        Name = code.ToCode(),
        Message = $"{message}: docs/errors/{code.ToCode()}.md",
        Data = data.Length == 0 ? null : data.ToDictionary((entry) => entry.Key, (entry) => entry.Value),
    };

    private static string Seconds(TimeSpan time) => time.TotalSeconds >= 1 ? $"{time.TotalSeconds:0.###} s" : $"{time.TotalMilliseconds:0.###} ms";
}
