namespace Enclave.RabbitMq;

/// <summary>Level, class and limits of a tenant's sessions.</summary>
public sealed record QueueTenant
{
    /// <summary>The level of its runtimes; null for the broker's own (<see cref="EnclaveOptions.SecurityLevel"/>). Default: null.</summary>
    public SecurityLevel? Level { get; init; }

    /// <summary>
    /// The class of its runtimes. Runtimes of another class never see the session. Range: 1 to 64
    /// letters, digits, <c>_</c> and <c>-</c>. Default: <c>default</c>.
    /// </summary>
    public string TrustClass { get; init; } = QueueRuntimeOptions.DefaultTrustClass;

    /// <summary>Sessions of tenants with a higher number begin first. Tenants with the same number take turns. Default: 0.</summary>
    public int Priority { get; init; }

    /// <summary>Maximum number of sessions that run or are published at once. Range: 1 and above. Default: null, as many as there is room for.</summary>
    public int? MaxRunning { get; init; }

    /// <summary>Maximum number of waiting sessions. Range: 0 and above. Default: null, <see cref="QueueBrokerOptions.MaxWaiting"/>.</summary>
    public int? MaxWaiting { get; init; }
}
