namespace Enclave.RabbitMq;

/// <summary>Where a tenant's sessions run, and what they may take of the runtimes.</summary>
public sealed record QueueTenant
{
    /// <summary>The level of the runtimes; null for the broker's own (<see cref="EnclaveOptions.SecurityLevel"/>). Default: null.</summary>
    public SecurityLevel? Level { get; init; }

    /// <summary>The class of the runtimes: those of another class never see the session. Range: 1 to 64 letters, digits, <c>_</c> and <c>-</c>. Default: <c>default</c>.</summary>
    public string TrustClass { get; init; } = QueueRuntimeOptions.DefaultTrustClass;

    /// <summary>Sessions of a tenant with a higher number begin first; tenants with the same take turns. Default: 0.</summary>
    public int Priority { get; init; }

    /// <summary>Sessions that run or are on their way at once. Range: 1 and above. Default: null, which is as many as there is room for.</summary>
    public int? MaxRunning { get; init; }

    /// <summary>Sessions that may wait. Range: 0 and above. Default: null, which is <see cref="QueueBrokerOptions.MaxWaiting"/>.</summary>
    public int? MaxWaiting { get; init; }
}
