namespace Enclave.Guard;

/// <summary>How much one signal weighs.</summary>
public enum SignalLevel
{
    /// <summary>Below 10.</summary>
    None,

    /// <summary>10 and above.</summary>
    Low,

    /// <summary>20 and above.</summary>
    Medium,

    /// <summary>35 and above.</summary>
    High,

    /// <summary>50 and above.</summary>
    Critical,
}
