namespace Enclave;

/// <summary>Whether a layer holds.</summary>
public enum LayerStatus
{
    /// <summary>The level does not use it.</summary>
    Off = 0,

    /// <summary>It holds, and <see cref="LayerReport.Method"/> says how that is known.</summary>
    Active = 1,

    /// <summary>The worker says that it holds, and this host may not look: <see cref="LayerReport.Detail"/> says what it would need.</summary>
    Unverified = 2,

    /// <summary>This machine does not offer it: <see cref="LayerReport.Remedy"/> says what would.</summary>
    Unavailable = 3,

    /// <summary>The machine offers it, and putting it on failed.</summary>
    Failed = 4,
}
