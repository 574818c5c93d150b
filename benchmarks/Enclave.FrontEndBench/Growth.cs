using System.Diagnostics;
using System.Runtime;
using Enclave.FrontEndProbe;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;

namespace Enclave.FrontEndBench;

/// <summary>What texts without end cost, by their length.</summary>
internal static class Growth
{
    private const int Tries = 5;
    private const long NoCollectionBytes = 200 << 20;

    public static object Names() => new { names = Shapes.All.Select((shape) => shape.Name) };

    /// <summary>The fastest of several: what disturbs a short run only ever makes it longer.</summary>
    public static object Measure(string name, int length)
    {
        Shape shape = Shapes.All.First((each) => each.Name == name);
        ParserOptions options = shape.Goal == SourceGoal.Module ? ParserOptions.Module : ParserOptions.Script;
        string text = shape.Build(length);
        double seconds = double.MaxValue;
        long allocated = 0;
        for (int i = 0; i < Tries; i++)
        {
            // A tree that is still growing is copied by every collection, and when those come is the collector's choice, not the parser's.
            bool isPutOff = GC.TryStartNoGCRegion(NoCollectionBytes);
            long before = GC.GetAllocatedBytesForCurrentThread(), started = Stopwatch.GetTimestamp();
            Parser.Parse(text, options);
            seconds = Math.Min(seconds, Stopwatch.GetElapsedTime(started).TotalSeconds);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (isPutOff && GCSettings.LatencyMode == GCLatencyMode.NoGCRegion) GC.EndNoGCRegion();
        }

        return new { seconds, allocated };
    }
}
