namespace Enclave.Tests;

/// <summary>
/// Tests that look into a worker from outside. Workers are not dumpable, so the kernel lets only root read their memory, environment and descriptors.
/// </summary>
internal static class Inspection
{
    /// <summary>Skips the test for an ordinary user.</summary>
    public static void Need() => Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root may look into a locked worker: run the tests as root");
}
