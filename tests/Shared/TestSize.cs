using System.Globalization;

namespace Enclave.Tests;

/// <summary>The amount of testing: the usual counts, or those of <c>./test.sh --full</c>.</summary>
internal static class TestSize
{
    public static bool Full { get; } = Environment.GetEnvironmentVariable("ENCLAVE_TEST_FULL") == "1";

    /// <summary>The duration of the soak: <c>./test.sh --soak MINUTES</c>, otherwise a quarter of a minute, or ten minutes with <c>--full</c>.</summary>
    public static TimeSpan Soak { get; } = Environment.GetEnvironmentVariable("ENCLAVE_TEST_SOAK") is { Length: > 0 } minutes
        ? TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture))
        : Full ? TimeSpan.FromMinutes(10) : TimeSpan.FromSeconds(15);

    public static int Of(int usual, int full) => Full ? full : usual;
}
