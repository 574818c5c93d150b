namespace Enclave.Cluster.Tests.Load;

/// <summary>The clients' clock, which no fault changes.</summary>
internal static class Clock
{
    /// <summary>Microseconds since 1970.</summary>
    public static long Now => Of(TimeProvider.System.GetUtcNow());

    public static long Of(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
