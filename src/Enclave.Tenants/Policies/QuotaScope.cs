namespace Enclave.Tenants;

/// <summary>Whose runs share a quota.</summary>
public enum QuotaScope
{
    /// <summary>The runs of one tenant.</summary>
    Tenant,

    /// <summary>The runs of one tenant with the same <see cref="RunOptions.Key"/>. Runs without a key share a quota.</summary>
    Key,

    /// <summary>The runs of all tenants whose policy has this quota.</summary>
    All,
}
