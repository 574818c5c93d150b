using System.Text.Json.Serialization;

namespace Enclave.Tenants;

/// <summary>The policies of all tenants.</summary>
public sealed record TenantPolicies
{
    /// <summary>The policies by the names of their tenants. Range: at most 1,000,000. Default: none.</summary>
    public IReadOnlyDictionary<string, TenantPolicy> Tenants { get; init; } = new Dictionary<string, TenantPolicy>();

    /// <summary>The policy of tenants without their own, and of runs without a tenant. Default: one that narrows nothing.</summary>
    public TenantPolicy Default { get; init; } = new();

    /// <summary>The fate of runs of other tenants. Default: <see cref="UnknownTenants.Default"/>.</summary>
    public UnknownTenants Unknown { get; init; }

    /// <summary>Where an editor finds the schema of the file. It is not read.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }
}
