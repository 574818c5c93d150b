using System.Collections.Concurrent;
using System.Diagnostics;

namespace Enclave.Benchmarks;

/// <summary>Keeps jobs in flight and records the time of each.</summary>
internal static class Callers
{
    /// <summary>Runs this many callers, each with one job after another, until the time is over. Returns the milliseconds of every job.</summary>
    public static async Task<IReadOnlyList<double>> RunAsync(int count, TimeSpan duration, Func<Task> job)
    {
        var times = new ConcurrentBag<double>();
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, count).Select((_) => Task.Run(CallAsync)));
        return [.. times];

        async Task CallAsync()
        {
            while (Stopwatch.GetElapsedTime(start) < duration)
            {
                long begun = Stopwatch.GetTimestamp();
                await job();
                times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }
        }
    }

    /// <summary>Runs one job after another with a pause before each. Returns the milliseconds of every job.</summary>
    public static async Task<IReadOnlyList<double>> RunApartAsync(int count, TimeSpan pause, Func<Task> job)
    {
        var times = new double[count];
        for (int i = 0; i < count; i++)
        {
            await Task.Delay(pause);
            long begun = Stopwatch.GetTimestamp();
            await job();
            times[i] = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        }

        return times;
    }
}
