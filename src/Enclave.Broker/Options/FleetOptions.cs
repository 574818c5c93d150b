namespace Enclave.Broker;

/// <summary>How brokers and runtimes report their state to each other's operators (docs/broker.md, Fleet).</summary>
public sealed class FleetOptions
{
    /// <summary>The name of this broker in reports. Range: 1 to 64 characters. Default: the machine's name and the process id.</summary>
    public string Name { get; set; } = $"{Environment.MachineName}/{Environment.ProcessId}";

    /// <summary>How often this broker reports its state to the others, if they share a store or queues. Range: 100 ms to 1 min. Default: 2 s.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>A broker or runtime without a report for this time is shown as silent. Range: 200 ms to 1 h. Default: 10 s.</summary>
    public TimeSpan Silence { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A broker or runtime without a report for this time is no longer shown. Range: <see cref="Silence"/> to 24 h. Default: 1 min.</summary>
    public TimeSpan Forget { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Maximum number of tenants in a report, those with the most sessions first; the others are counted. Range: 0 to 50. Default: 20.</summary>
    public int MaxTenants { get; set; } = 20;

    /// <summary>How reports name tenants. Default: <see cref="FleetTenantNames.Pseudonyms"/>.</summary>
    public FleetTenantNames TenantNames { get; set; } = FleetTenantNames.Pseudonyms;
}
