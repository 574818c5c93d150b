using System.Diagnostics;
using Enclave.Guard;
using Enclave.Guard.Options;

namespace Enclave.FrontEndBench;

/// <summary>Times the guard with a new script, a cached script and a refused script.</summary>
internal static class GuardContestant
{
    private static readonly ScriptGuard s_forgetting = Guard(cacheBytes: 0);
    private static readonly ScriptGuard s_keeping = Guard(cacheBytes: 32 << 20);

    /// <summary>Medians in microseconds, and the bytes that checking the new script allocates.</summary>
    public static object Measure(string source, string refused, int times)
    {
        if (!s_forgetting.Examine(source, []).IsAccepted) throw new ArgumentException("the script is refused");
        if (s_forgetting.Examine(refused, []).IsAccepted) throw new ArgumentException("the script that is to be refused is accepted");
        s_keeping.Examine(source, []);
        // Two thirds warm the code up.
        for (int i = 0; i < times * 2; i++) s_forgetting.Examine(source, []);
        long before = GC.GetAllocatedBytesForCurrentThread();
        s_forgetting.Examine(source, []);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return new
        {
            cold = Median(times, () => s_forgetting.Examine(source, [])),
            cached = Median(times, () => s_keeping.Examine(source, [])),
            refused = Median(times, () => s_forgetting.Examine(refused, [])),
            allocated,
        };
    }

    private static ScriptGuard Guard(long cacheBytes) => new(new GuardSettings { Level = GuardLevel.Standard, CacheBytes = cacheBytes });

    private static double Median(int times, Action examine)
    {
        var taken = new double[times];
        for (int i = 0; i < times; i++)
        {
            long started = Stopwatch.GetTimestamp();
            examine();
            taken[i] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
        }

        Array.Sort(taken);
        return taken[times / 2];
    }
}
