using Enclave.Tests;

namespace Enclave.Attacks.Tests.Injection;

/// <summary>The levels that promise isolation, and the forms of jail. The filter and the layers are alike at all levels but for executable memory, so that usually not every pair is tried.</summary>
public sealed class JailData : TheoryData<SecurityLevel, string>
{
    public JailData()
    {
        Add(SecurityLevel.Standard, Jail.Bubblewrap);
        Add(SecurityLevel.Strict, Jail.Landlock);
        if (!TestSize.Full) return;
        Add(SecurityLevel.Standard, Jail.Landlock);
        Add(SecurityLevel.Secure, Jail.Bubblewrap);
        Add(SecurityLevel.Secure, Jail.Landlock);
        Add(SecurityLevel.Strict, Jail.Bubblewrap);
    }
}
