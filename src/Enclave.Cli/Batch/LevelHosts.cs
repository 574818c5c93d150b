using Enclave.Cli.Options;
using Enclave.Fetch;
using Enclave.Guard;
using Enclave.Guard.Options;
using Enclave.Limits;
using Enclave.Protocol;

namespace Enclave.Cli.Batch;

/// <summary>The hosts of a batch, one for each level and preset, created with the first such job; and the guards for jobs that are only examined.</summary>
internal sealed class LevelHosts(BatchRequest request) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(SecurityLevel Level, GuardPreset Preset, bool Validate), EnclaveHost> _hosts = [];
    private readonly Dictionary<(SecurityLevel Level, GuardPreset Preset), ScriptGuard> _guards = [];

    /// <exception cref="DirectoryNotFoundException">The engine is missing.</exception>
    /// <exception cref="ArgumentException">An option of the command line is out of range.</exception>
    public EnclaveHost For(BatchJob job)
    {
        HostSettings settings = request.Host with
        {
            Level = job.Level ?? request.Host.Level,
            Limits = request.Host.Limits with { Preset = PresetOf(job) },
            Validate = job.Validate ?? request.Host.Validate,
        };
        lock (_gate)
        {
            if (_hosts.TryGetValue((settings.Level, PresetOf(job), settings.Validate), out EnclaveHost? host)) return host;
            return _hosts[(settings.Level, PresetOf(job), settings.Validate)] = new EnclaveHost(Options(settings));
        }
    }

    /// <summary>The guard for a job. Needs no engine.</summary>
    public ScriptGuard GuardFor(BatchJob job)
    {
        (SecurityLevel Level, GuardPreset Preset) key = (job.Level ?? request.Host.Level, PresetOf(job));
        lock (_gate)
        {
            if (_guards.TryGetValue(key, out ScriptGuard? guard)) return guard;
            return _guards[key] = new ScriptGuard(new GuardSettings
            {
                Level = key.Level.ToGuardLevel(),
                Preset = key.Preset,
                Options = GuardOptions.Default with
                {
                    ProvidedGlobals = [.. request.Host.Libraries.Select((library) => library.Name), .. FetchNames(key.Preset, key.Level)],
                },
                CacheBytes = 0,
            });
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (EnclaveHost host in _hosts.Values) await host.DisposeAsync().ConfigureAwait(false);
    }

    private IReadOnlyList<string> FetchNames(GuardPreset preset, SecurityLevel level) =>
        request.Host.Fetch is null ? [] : FetchLibrary.NamesFor(preset, level);

    private GuardPreset PresetOf(BatchJob job) => job.Preset ?? request.Host.Limits.Preset ?? GuardPreset.AgentScript;

    private EnclaveOptions Options(HostSettings settings)
    {
        EnclaveOptions options = settings.ToOptions(settings.Level, CallAsync);
        WorkerPoolOptions pool = options.WorkerPool!;
        options.Adapter = EnclaveAdapter.WorkerPool;
        options.WorkerPool = pool with
        {
            MinWorkers = Math.Min(WorkerPoolPresets.For(settings.Level).MinWorkers, request.Workers),
            MaxWorkers = request.Workers,
            SpareWorkers = 0,
            // The batch itself limits the jobs in flight, so the queue refuses none and none times out there.
            MaxQueueSize = Math.Max(pool.MaxQueueSize, request.InFlight),
            QueueTimeout = TimeSpan.FromDays(1),
        };
        return options;
    }

    private ValueTask<object?> CallAsync(string name, ScriptValue args, ToolContext context) =>
        context.Context is ToolHandler own ? own(name, args, context) : request.Tools.CallAsync(name, args, context);
}
