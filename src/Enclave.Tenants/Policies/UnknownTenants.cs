namespace Enclave.Tenants;

/// <summary>The fate of runs of a tenant without a policy of its own, and of runs without a tenant.</summary>
public enum UnknownTenants
{
    /// <summary>The default policy judges them.</summary>
    Default,

    /// <summary>They are refused with <see cref="ErrorCode.TenantUnknown"/>.</summary>
    Refuse,
}
