namespace Enclave.Tenants.Policies;

/// <summary>Keeps policies outside this process, for several hosts.</summary>
internal interface IPolicySource
{
    /// <summary>The policies as this process knows them.</summary>
    TenantPolicies Now { get; }

    /// <summary>Begins to follow changes.</summary>
    /// <param name="changed">Gets the policies, and the person or program that changed them.</param>
    /// <param name="failed">Called with the reason while they cannot be read. Those before them stay.</param>
    void Follow(Action<TenantPolicies, string> changed, Action<string> failed);

    /// <summary>Gives one tenant another policy.</summary>
    /// <exception cref="IOException">The store is away.</exception>
    Task SaveAsync(string tenant, TenantPolicy policy, string by, CancellationToken cancellationToken);
}
