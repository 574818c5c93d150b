using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>SECURE and STRICT, which the portable engine does not offer.</summary>
internal static class HigherLevels
{
    public static bool Has(SecurityLevel level) => level is SecurityLevel.Secure or SecurityLevel.Strict;

    /// <summary>Skips a test of such a level on the portable engine.</summary>
    public static void NeedNative(SecurityLevel level)
    {
        if (Has(level)) TestedEngine.NeedsNative("SECURE and STRICT");
    }
}
