using System.Globalization;
using System.Runtime.InteropServices;
using Enclave.Guard;
using Enclave.Guard.Options;

namespace Enclave.FrontEndProbe;

/// <summary>What the guard costs a thread: its CPU time for each shape, at two lengths, at one level.</summary>
internal static unsafe partial class Examination
{
    private const int PoolThreadStack = 1536 * 1024;
    private const int ThreadCpuClock = 3;

    /// <summary>Lengths differ by this: the square of it is far from it, whatever else the machine does. So many short scripts are counted together, since they use as much memory that was never touched as one long script.</summary>
    private const int Ratio = 8;

    /// <summary>Prints, for every so manieth shape from one on, its CPU microseconds at the two lengths and how the longer one ended.</summary>
    /// <param name="level">The level; with <c>Unchecked</c> behind it, without static checks.</param>
    /// <param name="longest">The longer length; at levels that refuse it, the longest they read.</param>
    /// <param name="every">The distance from one shape to the next.</param>
    /// <param name="rounds">The best of so many counts: what another process does only makes one slower.</param>
    public static void Run(int from, string level, int longest, int every, int rounds)
    {
        GuardSettings settings = Settings(level);
        int large = Math.Min(longest, settings.PreScan.InputBytes * 9 / 10);
        for (int index = from; index < Shapes.Examined.Count; index += every)
        {
            Shape shape = Shapes.Examined[index];
            Console.Out.WriteLine($"start {index} {level} {shape.Name}");
            Console.Out.Flush();
            string[] texts = [shape.Build(large / Ratio), shape.Build(large)];
            Console.Out.WriteLine($"end {index} {OnPoolSizedStack(() => Measure(settings, texts, rounds))}");
        }
    }

    private static string Measure(GuardSettings settings, string[] texts, int rounds)
    {
        // The first count has the compiler's work in it.
        Examine(settings, texts[1], 1);
        (long small, long large, string outcome) = (long.MaxValue, long.MaxValue, "");
        for (int round = 0; round < rounds; round++)
        {
            small = Math.Min(small, Examine(settings, texts[0], Ratio).Microseconds / Ratio);
            (long microseconds, outcome) = Examine(settings, texts[1], 1);
            large = Math.Min(large, microseconds);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{texts[0].Length} {small} {texts[1].Length} {large} {outcome}");
    }

    private static (long Microseconds, string Outcome) Examine(GuardSettings settings, string text, int times)
    {
        GC.Collect();
        GuardVerdict verdict = null!;
        long before = Now();
        for (int i = 0; i < times; i++)
        {
            var guard = new ScriptGuard(settings);
            verdict = guard.Examine(text, []);
            if (verdict.IsAccepted) RuleBasedScorer.Score(text);
        }

        long after = Now();
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
        return clock_gettime(ThreadCpuClock, &time) == 0 ? (time.Seconds * 1_000_000) + (time.Nanoseconds / 1_000) : throw new InvalidOperationException("no clock of this thread");
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int clock_gettime(int clock, TimeSpec* time);

    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
