namespace Enclave.Upgrade.Tests;

/// <summary>Which build a part is of.</summary>
public enum Build
{
    /// <summary>Of the protocol version before.</summary>
    Previous,

    Present,
}
