namespace Enclave.Guard;

/// <summary>What a score means for people.</summary>
public enum RiskLevel
{
    /// <summary>Below 20.</summary>
    None,

    /// <summary>20 and above.</summary>
    Low,

    /// <summary>40 and above.</summary>
    Medium,

    /// <summary>60 and above.</summary>
    High,

    /// <summary>80 and above.</summary>
    Critical,
}
