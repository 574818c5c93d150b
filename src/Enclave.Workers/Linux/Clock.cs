using System.Diagnostics;

namespace Enclave.Linux;

/// <summary>The monotonic clock for kill deadlines, in microseconds.</summary>
internal static class Clock
{
    public static long Microseconds => (long)(Stopwatch.GetTimestamp() * (1_000_000.0 / Stopwatch.Frequency));

    public static long ToMicroseconds(this TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;

    public static TimeSpan Time(long microseconds) => TimeSpan.FromTicks(microseconds * TimeSpan.TicksPerMicrosecond);
}
