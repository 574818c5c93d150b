using System.Diagnostics;

namespace Enclave.LoadBench.Http;

/// <summary>The measurements of a load's clients.</summary>
/// <param name="Milliseconds">The time of each session from the request to the last byte, sorted.</param>
/// <param name="Seconds">From the first request to the last byte.</param>
/// <param name="Bytes">The size of requests and answers.</param>
internal sealed record LoadRun(double[] Milliseconds, double Seconds, long Bytes)
{
    public static async Task<LoadRun> RunAsync(Uri broker, SessionLoad load)
    {
        string[] codes = [.. load.Scripts.Select((script) => script.Code)];
        SessionConnection[] connections = await Task.WhenAll(Enumerable.Range(0, load.Clients).Select((_) => SessionConnection.OpenAsync(broker, codes)));
        int left = load.Sessions;
        long begun = Stopwatch.GetTimestamp();
        double[][] times = await Task.WhenAll(connections.Select(RunAsync));
        double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        long bytes = connections.Sum((connection) => connection.Bytes);
        foreach (SessionConnection connection in connections) connection.Dispose();
        return new LoadRun([.. times.SelectMany((some) => some).Order()], seconds, bytes);

        async Task<double[]> RunAsync(SessionConnection connection)
        {
            var mine = new List<double>();
            for (int number; (number = Interlocked.Decrement(ref left)) >= 0;)
            {
                if (load.Pause != TimeSpan.Zero) await Task.Delay(load.Pause);
                long start = Stopwatch.GetTimestamp();
                await connection.RunAsync(number % codes.Length);
                mine.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            return [.. mine];
        }
    }
}
