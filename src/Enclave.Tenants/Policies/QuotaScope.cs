namespace Enclave.Tenants;

/// <summary>Whose runs share a quota.</summary>
public enum QuotaScope
{
    /// <summary>The runs of one tenant.</summary>
    Tenant,

    /// <summary>The runs of one tenant with the same <see cref="RunOptions.Key"/>. Those without a key share one.</summary>
    Key,

    /// <summary>The runs of all tenants whose policy has this quota.</summary>
    All,
}
