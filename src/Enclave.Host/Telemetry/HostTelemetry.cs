using Enclave.Diagnostics;

namespace Enclave.Telemetry;

/// <summary>What one host tells its meter and its activity source.</summary>
/// <param name="level">The level of its runs.</param>
/// <param name="tools">Its tools. What is added later does not count.</param>
/// <param name="metrics">Its meter.</param>
/// <param name="name">Which of an application's hosts it is; null for the one without a name.</param>
internal sealed class HostTelemetry(SecurityLevel level, ToolCollection tools, EnclaveMetrics metrics, string? name = null) : IDisposable
{
    private readonly ToolCollection _tools = tools.Copy();
    private IDisposable? _observed;

    public EnclaveMetrics Metrics { get; } = metrics;

    /// <summary>Which of an application's hosts it is; null for the one without a name.</summary>
    public string? Name { get; } = name;

    public string Level { get; } = level.ToString().ToUpperInvariant();

    /// <summary>True if traces name the tenant of each run.</summary>
    public bool TracesTenants { get; init; }

    /// <summary>True if anybody listens to what runs give.</summary>
    public bool IsWatched => Metrics.WatchesRuns || EnclaveActivities.IsWatched;

    public void Observe(Func<PoolSnapshot> pool) => _observed = Metrics.Observe(pool);

    /// <summary>A run begins, in the context of its caller.</summary>
    public RunTelemetry Begin(string? tenant, CancellationToken cancellation) => new(this, TracesTenants ? tenant : null, cancellation);

    /// <summary>What a tool is called in metrics: a script chooses the names that are not registered, and there would be no end of them.</summary>
    public string TagOf(string tool) => _tools.TryGet(tool, out _) ? tool : TelemetryNames.OtherTool;

    public void Dispose() => _observed?.Dispose();
}
