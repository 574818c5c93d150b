using Enclave.Diagnostics;

namespace Enclave.Telemetry;

/// <summary>The meter and the activity source of one host.</summary>
/// <param name="level">The level of its runs.</param>
/// <param name="tools">Its tools. Tools added later do not count.</param>
/// <param name="metrics">Its meter.</param>
/// <param name="name">The name of the host; null for none.</param>
internal sealed class HostTelemetry(SecurityLevel level, ToolCollection tools, EnclaveMetrics metrics, string? name = null) : IDisposable
{
    internal const int MaxNamesOfRuns = 1000;

    private readonly ToolCollection _tools = tools.Copy();
    // Names of tools that only runs had. A meter keeps each value of a tag for as long as it lives.
    private readonly HashSet<string> _ofRuns = new(StringComparer.Ordinal);
    private IDisposable? _observed;

    public EnclaveMetrics Metrics { get; } = metrics;

    /// <summary>The name of the host; null for none.</summary>
    public string? Name { get; } = name;

    public string Level { get; } = level.ToString().ToUpperInvariant();

    /// <summary>True if traces name the tenant of each run.</summary>
    public bool TracesTenants { get; init; }

    /// <summary>True if a listener measures or traces runs.</summary>
    public bool IsWatched => Metrics.WatchesRuns || EnclaveActivities.IsWatched;

    public void Observe(Func<PoolSnapshot> pool) => _observed = Metrics.Observe(pool);

    /// <summary>Begins the measurement of a run, in the context of its caller.</summary>
    public RunTelemetry Begin(string runId, RunOptions? run, CancellationToken cancellation) => new(this, runId, run, cancellation);

    /// <summary>A tool's name in metrics and spans. Scripts choose unregistered names, so their number is unlimited.</summary>
    /// <param name="tool">The name that the script called.</param>
    /// <param name="own">The run's own tools; null for none. The first <see cref="MaxNamesOfRuns"/> different names of them count.</param>
    public string TagOf(string tool, ToolCollection? own)
    {
        if (_tools.TryGet(tool, out _)) return tool;
        if (own?.TryGet(tool, out _) != true) return TelemetryNames.OtherTool;
        lock (_ofRuns)
        {
            if (_ofRuns.Contains(tool)) return tool;
            return _ofRuns.Count < MaxNamesOfRuns && _ofRuns.Add(tool) ? tool : TelemetryNames.OtherTool;
        }
    }

    public void Dispose() => _observed?.Dispose();
}
