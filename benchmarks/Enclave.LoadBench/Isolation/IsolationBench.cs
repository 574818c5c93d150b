using System.Diagnostics;
using System.Globalization;

namespace Enclave.LoadBench.Isolation;

/// <summary>Measures the cost of isolation: each level with and without it, in turns on the same machine.</summary>
internal sealed class IsolationBench(IsolationOptions options, IsolationFigures figures)
{
    /// <summary>The verb of the command line: <c>--isolation</c>.</summary>
    public const string Verb = "--isolation";

    private const string Start = "start to ready", Kill = "SIGKILL to reaped", Look = "the host's look, per start", Apart = "W1, 2 ms apart",
        Close = "W1, back to back";

    private static readonly Side[] s_sides = Enum.GetValues<Side>();
    private static readonly TimeSpan s_gap = TimeSpan.FromMilliseconds(2);

    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        IsolationOptions options = IsolationOptions.Parse(arguments);
        var figures = new IsolationFigures();
        var bench = new IsolationBench(options, figures);
        // Both sides run once first, so that no figure contains one-time work.
        foreach (Side side in s_sides) await bench.StartAsync(SecurityLevel.Standard, side, counts: false);
        for (int round = 0; round < options.Rounds; round++) await bench.RoundAsync(round);
        foreach ((string name, double milliseconds) in StartParts.Others()) figures.Add("any", name, null, milliseconds);
        Console.WriteLine(options.Json ? figures.ToJson() : figures.ToTable());
    }

    private async Task RoundAsync(int round)
    {
        foreach (SecurityLevel level in Enum.GetValues<SecurityLevel>())
        {
            for (int i = 0; i < options.Starts; i++)
            {
                // Another side begins each time, because the first may pay for the second.
                foreach (Side side in i % 2 == 0 ? s_sides : s_sides.Reverse()) await StartAsync(level, side, counts: true);
            }

            await JobsAsync(level, round, Apart, s_gap, workers: 2, options.Jobs);
            await JobsAsync(level, round, Close, TimeSpan.Zero, workers: 1, options.Jobs * 4);
        }
    }

    private async Task StartAsync(SecurityLevel level, Side side, bool counts)
    {
        (IsolatedHost host, double start) = await IsolatedHost.StartAsync(level, side);
        await using (host)
        {
            // A worker is idle when it has answered a few jobs and has had time to reset.
            for (int i = 0; i < 3; i++) await JobAsync(host);
            await Task.Delay(20);
            double? look = side == Side.Isolated ? StartParts.Measure(level, host.Process) : null;
            double kill = await host.KillAsync();
            if (!counts) return;
            figures.Add(level.ToString(), Start, side, start);
            figures.Add(level.ToString(), Kill, side, kill);
            if (look is { } milliseconds) figures.Add(level.ToString(), Look, side, milliseconds);
        }
    }

    /// <summary>Both hosts run at the same time, and blocks of jobs go to them in turns.</summary>
    private async Task JobsAsync(SecurityLevel level, int round, string name, TimeSpan gap, int workers, int jobs)
    {
        const int Blocks = 4;
        await using var isolated = new IsolatedHost(level, Side.Isolated, workers);
        await using var bare = new IsolatedHost(level, Side.Bare, workers);
        IsolatedHost[] hosts = [isolated, bare];
        foreach (IsolatedHost host in hosts) await host.Host.WarmUpAsync();
        for (int block = -1; block < Blocks; block++)
        {
            foreach (IsolatedHost host in (block + round) % 2 == 0 ? hosts : [bare, isolated])
            {
                var samples = new double[jobs / Blocks];
                for (int i = 0; i < samples.Length; i++)
                {
                    if (gap > TimeSpan.Zero) await Task.Delay(gap);
                    samples[i] = await JobAsync(host);
                }

                if (block >= 0) figures.Add(level.ToString(), name, host == isolated ? Side.Isolated : Side.Bare, samples);
            }
        }
    }

    private static async Task<double> JobAsync(IsolatedHost host)
    {
        long start = Stopwatch.GetTimestamp();
        ExecutionResult result = await host.Host.RunAsync("return 1 + 1");
        double time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return result.Success ? time : throw new BenchException(string.Create(CultureInfo.InvariantCulture, $"W1 failed: {result.Error!.Message}"));
    }
}
