using System.Globalization;
using Enclave.Tests;

namespace Enclave.Guard.Tests;

/// <summary>The CPU time that growing scripts of all shapes cost the host, with names that the script chooses.</summary>
public sealed class GrowthTests(ITestOutputHelper output)
{
    // The limit is far below the guard's own, which must also suit slower machines.
    private const double MostMicrosecondsPerCharacter = 3;

    // The bound of the full run, which has the machine for itself, and the looser one of a short run, in which the caches of the machine show: twice the
    // text must not take four times as long.
    private static readonly double s_steepest = TestSize.Full ? 1.15 : 1.5;

    // The caches of a machine make a long text up to 1.5 times as expensive per character as a short one. That adds 0.2 to the power over a ratio of 8,
    // and 0.1 over one of 64.
    private static readonly int s_ratio = TestSize.Full ? 64 : 8;

    private static readonly (string Name, string Value)[] s_runtime =
    [
        ("DOTNET_GCRetainVM", "1"), ("DOTNET_gcConcurrent", "0"),
        // All code is compiled once, at its first use. Code that gets faster meanwhile would favour the length that is measured last.
        ("DOTNET_TieredCompilation", "0"),
    ];

    /// <remarks>
    /// CPU time of the examining thread, the best of several runs. A value above the bound is measured again, alone and more often, before it counts.
    /// </remarks>
    [Theory]
    [InlineData("Strict")]
    [InlineData("Secure")]
    [InlineData("Standard")]
    [InlineData("Permissive")]
    [InlineData("StandardUnchecked")]
    public async Task No_shape_costs_more_than_in_proportion_to_its_length(string level)
    {
        if (!TestSize.Full && level is not "Standard") return;
        (int longest, int every, int rounds) = TestSize.Full ? (1 << 20, 1, 1) : (96 << 10, 6, 1);
        List<Growth> all = await MeasureAsync(0, level, longest, every, rounds, TestSize.Full ? null : int.MaxValue);
        // In a short run the machine's caches make at least half of the shapes look steeper, so the median is subtracted.
        double machine = TestSize.Full ? 0 : Math.Max(0, all.Select((one) => one.Power).Order().ElementAt(all.Count / 2) - 1);
        var steep = new List<Growth>();
        foreach (Growth one in all.Where((one) => IsSteep(one, machine)))
        {
            Growth best = one;
            for (int attempt = 0; attempt < 5 && IsSteep(best, machine); attempt++)
            {
                Growth again = (await MeasureAsync(one.Index, level, longest, 100_000, rounds * 3, 1))[0];
                // Each length has its own best: a slow run of the short text must not make a steep shape look flat.
                best = best with
                {
                    ShortMicroseconds = Math.Min(best.ShortMicroseconds, again.ShortMicroseconds),
                    LongMicroseconds = Math.Min(best.LongMicroseconds, again.LongMicroseconds),
                };
            }

            if (IsSteep(best, machine)) steep.Add(best);
        }

        output.WriteLine($"{level}: {all.Count} shapes; the machine adds {machine:0.00}");
        foreach (Growth one in all.OrderByDescending((one) => one.Power).Take(TestSize.Full ? all.Count : 10)) output.WriteLine($"{one}");
        Assert.True(steep.Count == 0, $"{steep.Count} wrong:\n{string.Join('\n', steep)}");
    }

    private static bool IsSteep(Growth one, double machine) => one.Power > s_steepest + machine || one.MicrosecondsPerCharacter > MostMicrosecondsPerCharacter;

    private static async Task<List<Growth>> MeasureAsync(int from, string level, int longest, int every, int rounds, int? most)
    {
        string[] arguments = ["examine", .. new[] { from, longest, s_ratio, every, rounds }.Select((number) => number.ToString(CultureInfo.InvariantCulture))];
        (IReadOnlyList<string> lines, int exitCode) = await FrontEndProbe.RunAsync([arguments[0], arguments[1], level, .. arguments[2..]], s_runtime);
        Assert.True(exitCode == 0, $"the probe ended with {exitCode} after: {(lines.Count > 0 ? lines[^1] : "nothing")}");
        return [.. lines.Chunk(2).Take(most ?? int.MaxValue).Select((pair) => Growth.Of(pair[0], pair[1]))];
    }

    private sealed record Growth(int Index, string Name, int Short, long ShortMicroseconds, int Long, long LongMicroseconds, string Outcome)
    {
        // Shorter measurements are mostly noise.
        private const double Floor = 2_000;

        public double Power => Math.Log(Math.Max(LongMicroseconds, Floor) / Math.Max(ShortMicroseconds, Floor / s_ratio)) / Math.Log((double)Long / Short);

        public double MicrosecondsPerCharacter => (double)LongMicroseconds / Long;

        public static Growth Of(string start, string end)
        {
            string[] name = start.Split(' ', 4), numbers = end.Split(' ', 7);
            long Number(int index) => long.Parse(numbers[index], CultureInfo.InvariantCulture);
            return new Growth((int)Number(1), name[3], (int)Number(2), Number(3), (int)Number(4), Number(5), numbers[6]);
        }

        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture,
                $"{Power:0.00} {LongMicroseconds / 1000.0:0.0} ms for {Long} characters, {MicrosecondsPerCharacter:0.000} µs each, {Outcome}: {Name}");
    }
}
