namespace Enclave.Protocol.Tests;

/// <summary>How much of a generated test runs: the full count with ENCLAVE_TEST_FULL=1.</summary>
internal static class TestSize
{
    public static int Of(int normal, int full) => Environment.GetEnvironmentVariable("ENCLAVE_TEST_FULL") == "1" ? full : normal;
}
