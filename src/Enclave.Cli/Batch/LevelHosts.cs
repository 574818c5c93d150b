using Enclave.Protocol;

namespace Enclave.Cli.Batch;

/// <summary>One host for each level that a batch uses, made when the first job of that level comes.</summary>
internal sealed class LevelHosts(BatchRequest request) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SecurityLevel, EnclaveHost> _hosts = [];

    /// <exception cref="DirectoryNotFoundException">The engine is missing.</exception>
    /// <exception cref="ArgumentException">An option of the command line is out of its range.</exception>
    public EnclaveHost For(SecurityLevel level)
    {
        lock (_gate)
        {
            if (!_hosts.TryGetValue(level, out EnclaveHost? host)) _hosts[level] = host = new EnclaveHost(Options(level));
            return host;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (EnclaveHost host in _hosts.Values) await host.DisposeAsync().ConfigureAwait(false);
    }

    private EnclaveOptions Options(SecurityLevel level)
    {
        EnclaveOptions options = request.Host.ToOptions(level, CallAsync);
        WorkerPoolOptions pool = options.WorkerPool!;
        options.Adapter = EnclaveAdapter.WorkerPool;
        options.WorkerPool = pool with
        {
            MinWorkers = Math.Min(pool.MinWorkers, request.Workers),
            MaxWorkers = request.Workers,
            SpareWorkers = 0,
            // What is in flight is bounded here, so nothing in the queue is refused or given up.
            MaxQueueSize = Math.Max(pool.MaxQueueSize, request.InFlight),
            QueueTimeout = TimeSpan.FromDays(1),
        };
        return options;
    }

    private ValueTask<object?> CallAsync(string name, ScriptValue args, ToolContext context) =>
        context.Context is ToolHandler own ? own(name, args, context) : request.Tools.CallAsync(name, args, context);
}
