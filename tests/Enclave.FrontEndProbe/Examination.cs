using System.Globalization;
using System.Runtime;
using System.Runtime.InteropServices;
using Enclave.Guard;
using Enclave.Guard.Options;

namespace Enclave.FrontEndProbe;

/// <summary>The guard's CPU time for each shape, at two lengths, at one level.</summary>
internal static unsafe partial class Examination
{
    private const int PoolThreadStack = 1536 * 1024;
    private const int ThreadCpuClock = 3;

    // Nothing is collected during a measurement: one collection of a long text's tree may take as long as the examination, and the machine decides when.
    // A shape that makes the guard allocate more than this ends the probe.
    private const long Room = 4L << 30;

    /// <summary>Prints for every n-th shape, from a given one on, its CPU microseconds at the two lengths and the outcome of the longer one.</summary>
    /// <param name="level">The level; with the suffix <c>Unchecked</c>, without static checks.</param>
    /// <param name="longest">The longer length. Levels that refuse it get the longest text that they accept.</param>
    /// <param name="ratio">
    /// The ratio of the two lengths. Its square is far larger, so other work on the machine cannot hide quadratic growth. That many short scripts are
    /// measured together, because they touch as much fresh memory as one long script.
    /// </param>
    /// <param name="every">The distance from one shape to the next.</param>
    /// <param name="rounds">The number of runs, of which the best counts: other processes only make a run slower.</param>
    public static void Run(int from, string level, int longest, int ratio, int every, int rounds)
    {
        GuardSettings settings = Settings(level);
        int large = Math.Min(longest, settings.PreScan.InputBytes * 9 / 10);
        for (int index = from; index < Shapes.Examined.Count; index += every)
        {
            Shape shape = Shapes.Examined[index];
            Console.Out.WriteLine($"start {index} {level} {shape.Name}");
            Console.Out.Flush();
            string[] texts = [shape.Build(large / ratio), shape.Build(large)];
            Console.Out.WriteLine($"end {index} {OnPoolSizedStack(() => Measure(settings, texts, ratio, rounds))}");
        }
    }

    private static string Measure(GuardSettings settings, string[] texts, int ratio, int rounds)
    {
        // The first run includes the JIT compiler's work.
        Examine(settings, texts[1], 1);
        (long small, long large, string outcome) = (long.MaxValue, long.MaxValue, "");
        for (int round = 0; round < rounds; round++)
        {
            small = Math.Min(small, Examine(settings, texts[0], ratio).Microseconds / ratio);
            (long microseconds, outcome) = Examine(settings, texts[1], 1);
            large = Math.Min(large, microseconds);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{texts[0].Length} {small} {texts[1].Length} {large} {outcome}");
    }

    private static (long Microseconds, string Outcome) Examine(GuardSettings settings, string text, int times)
    {
        GC.Collect();
        if (!GC.TryStartNoGCRegion(Room)) throw new InvalidOperationException("no room to measure without collections");
        ValidationResult verdict = null!;
        long before = Now();
        for (int i = 0; i < times; i++)
        {
            var guard = new ScriptGuard(settings);
            verdict = guard.Examine(text, []);
            if (verdict.IsAccepted) RuleBasedScorer.Score(text);
        }

        long after = Now();
        if (GCSettings.LatencyMode != GCLatencyMode.NoGCRegion) throw new InvalidOperationException("a collection during a measurement");
        GC.EndNoGCRegion();
        return (after - before, verdict.IsAccepted ? "accepted" : verdict.Issues.First((issue) => issue.Severity == IssueSeverity.Error).Code);
    }

    private static GuardSettings Settings(string level)
    {
        const string Unchecked = "Unchecked";
        bool checks = !level.EndsWith(Unchecked, StringComparison.Ordinal);
        return new GuardSettings
        {
            Level = Enum.Parse<GuardLevel>(checks ? level : level[..^Unchecked.Length]),
            Checks = checks ? StaticChecks.On : StaticChecks.Off,
            CacheBytes = 0,
        };
    }

    private static T OnPoolSizedStack<T>(Func<T> work)
    {
        T result = default!;
        var thread = new Thread(() => result = work(), PoolThreadStack);
        thread.Start();
        thread.Join();
        return result;
    }

    private static long Now()
    {
        TimeSpec time;
        return clock_gettime(ThreadCpuClock, &time) == 0
            ? (time.Seconds * 1_000_000) + (time.Nanoseconds / 1_000)
            : throw new InvalidOperationException("no clock of this thread");
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int clock_gettime(int clock, TimeSpec* time);

    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
