using Enclave.Tests;

namespace Enclave.Attacks.Tests.Injection;

/// <summary>
/// The levels that promise isolation, and the forms of jail. Apart from executable memory, filter and layers are the
/// same at all levels, so the usual run does not test every pair.
/// </summary>
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
