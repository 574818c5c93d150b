namespace Enclave.Upgrade.Tests;

/// <summary>The build of a part.</summary>
public enum Build
{
    /// <summary>The build of the previous protocol version.</summary>
    Previous,

    Present,
}
