namespace Enclave.Broker;

/// <summary>How brokers and runtimes tell each other's operators how they are (docs/broker.md, Fleet).</summary>
public sealed class FleetOptions
{
    /// <summary>What this broker is called there. Range: 1 to 64 characters. Default: the machine's name and the process's number.</summary>
    public string Name { get; set; } = $"{Environment.MachineName}/{Environment.ProcessId}";

    /// <summary>How often this broker tells the others of itself, where they share a store or queues. Range: 100 ms to 1 min. Default: 2 s.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>After which silence a broker or a runtime is shown as silent. Range: 200 ms to 1 h. Default: 10 s.</summary>
    public TimeSpan Silence { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>After which silence it is shown no more. Range: <see cref="Silence"/> to 24 h. Default: 1 min.</summary>
    public TimeSpan Forget { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Tenants that are told of, those with the most sessions first; the others are counted. Range: 0 to 50. Default: 20.</summary>
    public int MaxTenants { get; set; } = 20;

    /// <summary>What tenants are called there. Default: <see cref="FleetTenantNames.Pseudonyms"/>.</summary>
    public FleetTenantNames TenantNames { get; set; } = FleetTenantNames.Pseudonyms;
}
