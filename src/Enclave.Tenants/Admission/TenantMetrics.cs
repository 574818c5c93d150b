using System.Diagnostics.Metrics;

namespace Enclave.Tenants.Admission;

/// <summary>
/// Counts runs and their use by tenant, for OpenTelemetry. The number of tenants with a name of their own is bounded: each is a time series in the store of
/// metrics for as long as it keeps them. The first ones have their names, all later ones are <c>other</c>.
/// </summary>
/// <param name="most">Tenants with a name of their own.</param>
internal sealed class TenantMetrics(int most)
{
    private const string Other = "other", None = "none";

    private static readonly Meter s_meter = new("Enclave.Tenants");
    private static readonly Counter<long> s_runs = s_meter.CreateCounter<long>("enclave.tenant.runs", "{run}", "Runs that ended, by tenant and outcome.");
    private static readonly Counter<double> s_cpu = s_meter.CreateCounter<double>("enclave.tenant.cpu_time", "s", "CPU time of runs, by tenant.");
    private static readonly Counter<double> s_wall = s_meter.CreateCounter<double>("enclave.tenant.worker_time", "s", "Time on workers, by tenant.");
    private static readonly Counter<long> s_calls = s_meter.CreateCounter<long>("enclave.tenant.tool_calls", "{call}", "Tool calls, by tenant.");
    private static readonly Counter<long> s_bytes = s_meter.CreateCounter<long>(
        "enclave.tenant.bytes", "By", "Bytes between host and workers, by tenant.");

    private readonly Lock _gate = new();
    private readonly HashSet<string> _named = new(StringComparer.Ordinal);

    /// <summary>A run has ended.</summary>
    public void Ended(LedgerRow row)
    {
        var tenant = new KeyValuePair<string, object?>("enclave.tenant", NameOf(row.Tenant));
        s_runs.Add(1, tenant, new KeyValuePair<string, object?>("outcome", row.Outcome));
        s_cpu.Add(row.CpuMs / 1000, tenant);
        s_wall.Add(row.WallMs / 1000, tenant);
        s_calls.Add(row.ToolCalls, tenant);
        s_bytes.Add(row.BytesIn + row.BytesOut, tenant);
    }

    private string NameOf(string? tenant)
    {
        if (tenant is null) return None;
        lock (_gate)
        {
            if (_named.Contains(tenant)) return tenant;
            if (_named.Count >= most) return Other;
            _named.Add(tenant);
            return tenant;
        }
    }
}
