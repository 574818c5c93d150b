namespace Enclave.Tests;

/// <summary>How much to test: the usual counts, or the full ones of <c>./test.sh --full</c>.</summary>
internal static class TestSize
{
    public static bool Full { get; } = Environment.GetEnvironmentVariable("ENCLAVE_TEST_FULL") == "1";

    public static int Of(int usual, int full) => Full ? full : usual;
}
