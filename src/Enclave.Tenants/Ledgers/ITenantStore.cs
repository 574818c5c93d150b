namespace Enclave.Tenants.Ledgers;

/// <summary>Keeps policies outside this process, for several hosts, and their ledger.</summary>
internal interface ITenantStore
{
    /// <summary>The policies as this process knows them.</summary>
    TenantPolicies Now { get; }

    /// <summary>Begins to follow changes.</summary>
    /// <param name="changed">Gets the policies, and the person or program that changed them.</param>
    /// <param name="failed">Called with the reason while policies cannot be read. The present policies stay.</param>
    void Follow(Action<TenantPolicies, string> changed, Action<string> failed);

    /// <summary>Adds up the ledger of the hosts.</summary>
    /// <exception cref="IOException">The store is away.</exception>
    Task<IReadOnlyList<UsageRow>> SumAsync(UsageGroups by, string? month, string? tenant, CancellationToken cancellationToken);

    /// <summary>Gives one tenant another policy.</summary>
    /// <exception cref="IOException">The store is away.</exception>
    Task SaveAsync(string tenant, TenantPolicy policy, string by, CancellationToken cancellationToken);
}
