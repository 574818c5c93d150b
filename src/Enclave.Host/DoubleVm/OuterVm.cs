using Enclave.Diagnostics;
using Enclave.Guard;
using Enclave.Limits;
using Enclave.Linux;
using Enclave.Pool;
using Enclave.Protocol;
using Enclave.Protocol.Messages;
using Enclave.Protocol.Values;
using Enclave.Runs;
using Enclave.Workers;
using Microsoft.Extensions.Logging;

namespace Enclave.DoubleVm;

/// <summary>The outer isolates of a host: their workers, which hold no script, and the policy that they run.</summary>
/// <remarks>
/// A run holds a worker of the host's pool first and one of these second; an outer run waits for no worker at all, and ends with its script or by its own deadline.
/// So there is no circle to wait in, whatever the sizes of the two pools.
/// </remarks>
internal sealed class OuterVm : IAsyncDisposable
{
    public const string SourceName = "policy.js";

    // Of a message: around the arguments stand the tool's name, the tenant and some words.
    private const int MessageOverhead = 4 * 1024;

    private const long DefaultMemory = 64L << 20;

    private static readonly TimeSpan s_more = TimeSpan.FromSeconds(1), s_patience = TimeSpan.FromMilliseconds(500);

    private readonly DoubleVmOptions _options;
    private readonly WorkerPoolOptions _sizes;
    private readonly LevelLimits _level;
    private readonly GuardedScript _program;
    private readonly byte[] _globals;
    private readonly long _memory;
    // Its own: a call that holds the host's waits for one here, so that they must not wait for the same.
    private readonly HostMemory _hostMemory;
    private readonly Func<ulong> _nextJob;
    private WorkerPool? _pool;

    /// <exception cref="ArgumentException">The guard refuses the policy, or a global is no data.</exception>
    public OuterVm(DoubleVmOptions options, SecurityLevel level, WorkerPoolOptions inner, Func<ulong> nextJob, ILogger log)
    {
        _options = options;
        _program = PolicyScript.Read(_options.ToolPolicy, level, _options.PolicyGlobals is null ? [] : [.. _options.PolicyGlobals.Keys]);
        _globals = GlobalsEncoder.Encode(_options.PolicyGlobals, null);
        _level = LevelLimits.For(level);
        _memory = _options.OuterMemoryLimit ?? Math.Min(DefaultMemory, inner.MemoryLimitPerWorker);
        _sizes = Sizes(inner);
        _hostMemory = HostMemory.Of(_sizes);
        (Log, _nextJob) = (log, nextJob);
    }

    public ILogger Log { get; }

    public PoolSnapshot? Snapshot => _pool?.GetSnapshot();

    public IReadOnlyList<WorkerIsolation> Workers => _pool?.GetIsolation() ?? [];

    /// <summary>Makes the pool. Its events go where those of the host's own go.</summary>
    public void Open(PoolSettings host, IWorkerLauncher launcher, EnclaveMetrics metrics)
    {
        var own = new PoolSettings
        {
            Sizes = _sizes,
            Level = host.Level,
            MemoryLimit = _memory,
            Clock = host.Clock,
            OnWorkerRecycled = host.OnWorkerRecycled,
            OnSecurityEvent = host.OnSecurityEvent,
        };
        _pool = new WorkerPool(own, launcher, new ResultBuilder(verbose: false, _sizes), metrics, Log);
        _pool.Open();
    }

    /// <summary>Completes when the workers that are always kept are ready, and the policy has been tried in one.</summary>
    /// <exception cref="InvalidOperationException">They cannot start, or the policy gives nothing that judges.</exception>
    public async Task WarmUpAsync(RunLimits inner, CancellationToken cancellationToken)
    {
        await _pool!.WarmUpAsync(cancellationToken).ConfigureAwait(false);
        if (_options.ToolPolicy is null) return;
        var trial = new ExecutionJob(_nextJob(), _program, Limits(inner), _globals, new RunOptions { SourceName = SourceName }, static (_) => { }) { Tools = new NoCalls(), Memory = _hostMemory };
        _pool.Submit(trial);
        trial.WatchCancellation((job) => _pool.Cancel(job, cancellationToken), cancellationToken);
        if ((await trial.Answer.ConfigureAwait(false)).Error is { } error)
        {
            throw new InvalidOperationException($"DoubleVm.ToolPolicy does not run: {error.Code.ToCode()}: {error.Message} {error.Stack?.Trim()}: docs/double-vm.md");
        }
    }

    /// <summary>True if no message takes these arguments to the policy. Only references that were resolved can be so large.</summary>
    public bool IsTooLarge(ScriptValue args)
    {
        return EncodedSize.Of(args) > _sizes.MaxMessageBytes - (2 * MessageOverhead);
    }

    /// <summary>The outer run of a script, on its way to a worker.</summary>
    public ExecutionJob Submit(ExecutionJob inner, OuterPort bridge)
    {
        var options = new RunOptions { Tenant = inner.Options?.Tenant, SourceName = SourceName };
        var job = new ExecutionJob(_nextJob(), _program, Limits(inner.Limits), _globals, options, static (_) => { }) { Tools = bridge, Memory = _hostMemory };
        inner.Outer = job;
        try
        {
            _pool!.Submit(job);
        }
        catch (ObjectDisposedException)
        {
            // The host is going; so is whoever would wait.
            job.TryCancel(new CancellationToken(canceled: true));
        }

        return job;
    }

    /// <summary>Its script has ended: the loop has been told, and one that does not hear is stopped.</summary>
    public void EndRun(ExecutionJob job)
    {
        if (job.Session is null) Stop(job);
        else if (!job.IsSettled) _ = StopLaterAsync(job);
    }

    public ValueTask DisposeAsync() => _pool?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task StopLaterAsync(ExecutionJob job)
    {
        await ((Task)job.Answer.WaitAsync(s_patience)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!job.IsSettled) Stop(job);
    }

    private void Stop(ExecutionJob job) => _pool!.Cancel(job, new CancellationToken(canceled: true));

    /// <summary>A script that calls nothing: the loop ends when it asks.</summary>
    private sealed class NoCalls : IToolPort
    {
        public ValueTask<ScriptValue> CallAsync(ToolInvocation call) => new(ScriptValue.Null);
    }

    /// <summary>As many workers as the host's own pool, with room for what the loop says, and nothing to save when the host goes: its scripts have ended by then.</summary>
    private static WorkerPoolOptions Sizes(WorkerPoolOptions inner) => inner with
    {
        MaxQueueSize = Math.Min(100_000, (inner.MaxWorkers * 4) + 16),
        MaxQueuedPerTenant = null,
        MaxMessagesPerSecond = (int)Math.Min(1_000_000, (3L * inner.MaxMessagesPerSecond) + inner.MaxPendingToolCalls + 16),
        GracefulShutdownTimeout = TimeSpan.Zero,
    };

    /// <summary>Two messages for each call of the script, and one for each lane. What the policy's own code may use is the level's.</summary>
    private RunLimits Limits(RunLimits inner)
    {
        long time = _options.OuterTimeout?.ToMicroseconds() ?? inner.TimeoutMicroseconds + s_more.ToMicroseconds();
        int lanes = inner.MaxPendingToolCalls + 2;
        return new RunLimits
        {
            TimeoutMicroseconds = time,
            CpuMicroseconds = time,
            MemoryBytes = _memory,
            MaxToolCalls = (2 * inner.MaxToolCalls) + lanes,
            MaxPendingToolCalls = lanes,
            MaxIterations = _level.MaxIterations,
            MaxConsoleCalls = _level.MaxConsoleCalls,
            MaxConsoleBytes = Math.Min(_level.MaxConsoleBytes, _sizes.MaxMessageBytes / 2),
            MaxValueDepth = ProtocolLimits.MaxDepth,
            MaxValueProperties = ProtocolLimits.MaxFrameBytes,
            MaxValueBytes = _sizes.MaxMessageBytes - MessageOverhead,
        };
    }
}
