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

/// <summary>The outer isolates of a host: their workers, which run no script, and the policy in them.</summary>
/// <remarks>
/// A run holds a worker of the host's pool first, and one of these second. An outer run waits for no worker, and ends with its script or at its own deadline.
/// So no cycle of waits is possible, for any sizes of the two pools.
/// </remarks>
internal sealed class OuterVm : IAsyncDisposable
{
    public const string SourceName = "policy.js";

    // In a message, the tool's name, the tenant and some words surround the arguments.
    private const int MessageOverhead = 4 * 1024;

    private const long DefaultMemory = 64L << 20;

    private static readonly TimeSpan s_more = TimeSpan.FromSeconds(1), s_patience = TimeSpan.FromMilliseconds(500);

    private readonly DoubleVmOptions _options;
    private readonly WorkerPoolOptions _sizes;
    private readonly LevelLimits _level;
    private readonly GuardedScript _program;
    private readonly byte[] _globals;
    private readonly long _memory;
    // Separate from the host's: a call that holds the host's memory waits here, so the two must not be the same.
    private readonly HostMemory _hostMemory;
    private readonly Func<ulong> _nextJob;
    private WorkerPool? _pool;

    /// <exception cref="ArgumentException">The guard refuses the policy, or a global is not data.</exception>
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

    /// <summary>Creates the pool. Its events go to the host's own handlers.</summary>
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

    /// <summary>Completes when the permanent workers are ready and the policy has run in one of them.</summary>
    /// <exception cref="InvalidOperationException">Workers cannot start, or the policy does not return a function.</exception>
    public async Task WarmUpAsync(RunLimits inner, CancellationToken cancellationToken)
    {
        await _pool!.WarmUpAsync(cancellationToken).ConfigureAwait(false);
        if (_options.ToolPolicy is null) return;
        var trial = new ExecutionJob(_nextJob(), _program, Limits(inner), _globals, new RunOptions { SourceName = SourceName },
            static (_) => { })
        { Tools = new NoCalls(), Memory = _hostMemory };
        _pool.Submit(trial);
        trial.WatchCancellation((job) => _pool.Cancel(job, cancellationToken), cancellationToken);
        if ((await trial.Answer.ConfigureAwait(false)).Error is { } error)
        {
            throw new InvalidOperationException(
                $"DoubleVm.ToolPolicy does not run: {error.Code.ToCode()}: {error.Message} {error.Stack?.Trim()}: docs/double-vm.md");
        }
    }

    /// <summary>True if these arguments are too large for a message to the policy. Only resolved references can be so large.</summary>
    public bool IsTooLarge(ScriptValue args)
    {
        return EncodedSize.Of(args) > _sizes.MaxMessageBytes - (2 * MessageOverhead);
    }

    /// <summary>Starts the outer run of a script.</summary>
    public ExecutionJob Submit(ExecutionJob inner, OuterTools tools)
    {
        var options = new RunOptions { Tenant = inner.Options?.Tenant, SourceName = SourceName };
        var job = new ExecutionJob(_nextJob(), _program, Limits(inner.Limits), _globals, options, static (_) => { })
        {
            Tools = tools,
            Memory = _hostMemory,
            // The script's own calls begin on its threads.
            Turns = inner.Turns,
        };
        inner.Outer = job;
        try
        {
            _pool!.Submit(job);
        }
        catch (ObjectDisposedException)
        {
            // The host is being disposed, and so is every waiting run.
            job.TryCancel(new CancellationToken(canceled: true));
        }

        return job;
    }

    /// <summary>Ends the outer run of a finished script. If the loop does not end, it is stopped.</summary>
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

    /// <summary>For a script that makes no call: the loop ends when it asks.</summary>
    private sealed class NoCalls : IToolInvoker
    {
        public ValueTask<ScriptValue> CallAsync(ToolInvocation call) => new(ScriptValue.Null);
    }

    /// <summary>As many workers as the host's own pool, with room for the loop's messages, and no grace at disposal: the scripts have ended by then.</summary>
    private static WorkerPoolOptions Sizes(WorkerPoolOptions inner) => inner with
    {
        MaxQueueSize = Math.Min(100_000, (inner.MaxWorkers * 4) + 16),
        MaxQueuedPerTenant = null,
        MaxMessagesPerSecond = (int)Math.Min(1_000_000, (3L * inner.MaxMessagesPerSecond) + inner.MaxPendingToolCalls + 16),
        GracefulShutdownTimeout = TimeSpan.Zero,
    };

    /// <summary>Two messages for each call of the script, and one for each lane. The policy's own code has the level's limits.</summary>
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
