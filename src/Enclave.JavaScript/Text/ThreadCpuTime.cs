using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Enclave.JavaScript.Text;

/// <summary>The CPU time of the calling thread.</summary>
public static unsafe partial class ThreadCpuTime
{
    private const int ClockOfThisThread = 3;

    /// <summary>The CPU time until now. Elsewhere than on Linux, the elapsed time.</summary>
    public static TimeSpan Now()
    {
        TimeSpec time;
        if (!OperatingSystem.IsLinux() || clock_gettime(ClockOfThisThread, &time) != 0) return Stopwatch.GetElapsedTime(0);
        return TimeSpan.FromTicks((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / TimeSpan.NanosecondsPerTick));
    }

    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, TimeSpec* time);

    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
