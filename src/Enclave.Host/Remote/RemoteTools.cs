using Enclave.Guard;
using Enclave.Guard.Options;
using Enclave.Limits;
using Enclave.Protocol;
using Enclave.Protocol.Messages;
using Enclave.Runs;
using Enclave.Tools;
using Enclave.Tools.Sequences;
using Microsoft.Extensions.Logging;

namespace Enclave.Remote;

/// <summary>The application's tools for scripts that run on another machine. Arguments, limits and checks are the same as for local runs.</summary>
internal sealed class RemoteTools
{
    private static readonly Lazy<GuardedScript> s_elsewhere = new(
        () => new ScriptGuard(new GuardSettings { Level = GuardLevel.Permissive, Checks = StaticChecks.Off }).Examine("", []).Script!);

    private static readonly HostMemory s_unused = HostMemory.Of(new WorkerPoolOptions());

    private readonly EnclaveOptions _options;
    private readonly ToolRegistry _registry;
    private readonly SequencePolicy? _sequences;
    private readonly ILogger _log;
    private long _nextRun;

    /// <exception cref="ArgumentException">An option is out of its range, or needs a local run.</exception>
    public RemoteTools(EnclaveOptions options, ILogger log)
    {
        OptionsCheck.Check(options);
        if (options.DoubleVm is { Enabled: true, ToolPolicy: not null }) throw new ArgumentException(
            "DoubleVm.ToolPolicy judges the calls of scripts on this machine only: on a runtime it would judge nothing.", nameof(options));
        (_options, _log) = (options, log);
        _registry = new ToolRegistry(PartSettings.OfTools(options, options.Adapter.Resolve(options)), log);
        _sequences = PartSettings.OfSequences(options, (report) => options.OnSecurityEvent?.Invoke(report));
        options.Tools.Close();
    }

    /// <summary>The calls of one run.</summary>
    /// <param name="run">Tenant, context and run id for the tools.</param>
    /// <param name="maxResultBytes">The size limit of a tool's encoded answer.</param>
    public RemoteRun Begin(RunOptions run, long maxResultBytes)
    {
        LevelLimits level = LevelLimits.For(_options.SecurityLevel);
        var limits = new RunLimits
        {
            TimeoutMicroseconds = long.MaxValue,
            // The host charges the checks of its arguments; its script runs elsewhere.
            CpuMicroseconds = new EffectiveLimits(_options, _options.Adapter.Resolve(_options), level).Of(run).CpuMicroseconds,
            MemoryBytes = _options.MemoryLimit,
            MaxToolCalls = int.MaxValue,
            MaxPendingToolCalls = int.MaxValue,
            MaxIterations = 1,
            MaxConsoleCalls = 1,
            MaxConsoleBytes = 1,
            MaxValueDepth = level.MaxValueDepth,
            MaxValueProperties = level.MaxValueProperties,
            MaxValueBytes = (int)Math.Min(maxResultBytes, int.MaxValue),
        };
        return new RemoteRun(_registry, JobOf, _log);

        ExecutionJob JobOf(IToolInvoker last)
        {
            SequenceWatch? watch = _sequences is null ? null : new SequenceWatch(_sequences, last);
            return new ExecutionJob((ulong)Interlocked.Increment(ref _nextRun), s_elsewhere.Value, limits, [], run, (_) => { })
            {
                RunId = run.RunId,
                Tools = watch ?? last,
                // Its calls do not come from a worker.
                Memory = s_unused,
                Observers = watch is null ? [] : [watch],
            };
        }
    }
}
