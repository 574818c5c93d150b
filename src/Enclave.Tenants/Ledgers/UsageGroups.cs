namespace Enclave.Tenants;

/// <summary>The groups of usage.</summary>
[Flags]
public enum UsageGroups
{
    /// <summary>One sum of all.</summary>
    None = 0,

    /// <summary>By tenant.</summary>
    Tenant = 1,

    /// <summary>By key.</summary>
    Key = 2,

    /// <summary>By script.</summary>
    Script = 4,

    /// <summary>By month.</summary>
    Month = 8,

    /// <summary>By day.</summary>
    Day = 16,

    /// <summary>By hour.</summary>
    Hour = 32,
}
