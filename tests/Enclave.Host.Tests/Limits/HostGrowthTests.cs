using System.Globalization;
using Enclave.JavaScript.Text;
using Enclave.Tests;

namespace Enclave.Host.Tests.Limits;

/// <summary>The CPU time and the memory that growing values and scripts cost the host outside of a worker: hints, approvals, masks, audit, arguments,
/// declarations, references, telemetry.</summary>
public sealed class HostGrowthTests(ITestOutputHelper output)
{
    private const int Longest = 1 << 18, Ratio = 16;

    // Shorter measurements are mostly noise, and so are smaller amounts of memory.
    private const double FloorMicroseconds = 2_000, FloorBytes = 256 << 10;

    // As in GrowthTests of the guard: the bound of the full run, which has the machine for itself, and one for runs in which caches and neighbours show.
    private static readonly double s_steepest = TestSize.Full ? 1.15 : 1.5;

    private static readonly double s_steepestMemory = 1.15;

    [Theory]
    [InlineData(SecurityLevel.Strict)]
    [InlineData(SecurityLevel.Secure)]
    [InlineData(SecurityLevel.Standard)]
    [InlineData(SecurityLevel.Permissive)]
    public void No_work_of_the_host_costs_more_than_in_proportion(SecurityLevel level)
    {
        if (!TestSize.Full && level is not SecurityLevel.Standard) return;
        var all = new List<Growth>();
        foreach (HostShape shape in HostShapes.Of(level))
        {
            Growth best = Measure(shape);
            for (int attempt = 0; attempt < 6 && IsSteep(best); attempt++) best = best.Or(Measure(shape));
            all.Add(best);
        }

        foreach (Growth one in all.OrderByDescending((one) => one.TimePower).Take(TestSize.Full ? all.Count : 12)) output.WriteLine($"{level}: {one}");
        Growth[] steep = [.. all.Where(IsSteep)];
        Assert.True(steep.Length == 0, $"{steep.Length} of {all.Count} wrong:\n{string.Join('\n', steep.AsEnumerable())}");
    }

    private static bool IsSteep(Growth one) => one.TimePower > s_steepest || one.MemoryPower > s_steepestMemory;

    private static Growth Measure(HostShape shape)
    {
        Action small = shape.Prepare(Longest / Ratio), large = shape.Prepare(Longest);
        small();
        large();
        (double smallTime, double smallBytes) = Cost(small, Ratio);
        (double largeTime, double largeBytes) = Cost(large, 1);
        return new Growth(shape.Name, smallTime / Ratio, largeTime, smallBytes / Ratio, largeBytes);
    }

    /// <summary>CPU time and allocated bytes of this thread.</summary>
    private static (double Microseconds, double Bytes) Cost(Action work, int times)
    {
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        TimeSpan time = ThreadCpuTime.Now();
        for (int i = 0; i < times; i++) work();
        return ((ThreadCpuTime.Now() - time).TotalMicroseconds, GC.GetAllocatedBytesForCurrentThread() - bytes);
    }

    private sealed record Growth(string Name, double ShortMicroseconds, double LongMicroseconds, double ShortBytes, double LongBytes)
    {
        public double TimePower => Power(ShortMicroseconds, LongMicroseconds, FloorMicroseconds);

        public double MemoryPower => Power(ShortBytes, LongBytes, FloorBytes);

        /// <summary>The better of two measurements, for each length: a slow run of the short one must not make a steep shape look flat.</summary>
        public Growth Or(Growth other) => new(Name, Math.Min(ShortMicroseconds, other.ShortMicroseconds), Math.Min(LongMicroseconds, other.LongMicroseconds),
            Math.Min(ShortBytes, other.ShortBytes), Math.Min(LongBytes, other.LongBytes));

        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"{TimePower:0.00} time, {MemoryPower:0.00} memory, {LongMicroseconds / 1000:0.0} ms and {LongBytes / 1024:0} kB for {Longest} characters: {Name}");

        private static double Power(double few, double many, double floor) => Math.Log(Math.Max(many, floor) / Math.Max(few, floor / Ratio)) / Math.Log(Ratio);
    }
}
