using System.Diagnostics;
using Enclave.FrontEndProbe;
using Enclave.JavaScript;
using Enclave.JavaScript.Parsing;

namespace Enclave.FrontEndBench;

/// <summary>Measures the cost of hostile texts by their length.</summary>
internal static class Growth
{
    private const int Tries = 7;
    private static readonly Shape[] s_shapes = [.. Shapes.All, .. TypedShapes.All];

    public static object Names() => new { names = s_shapes.Select((shape) => shape.Name), untyped = Shapes.All.Select((shape) => shape.Name) };

    /// <summary>Gives a text to a parser once, and measures it.</summary>
    public static object Once(string name, string parser, int length)
    {
        Shape shape = s_shapes.First((each) => each.Name == name);
        string text = shape.Build(length);
        Func<string, ParserOptions, string?> parse = Parsers.Named(parser);
        parse("", shape.Options);
        long before = GC.GetAllocatedBytesForCurrentThread(), started = Stopwatch.GetTimestamp();
        string? refusal = parse(text, shape.Options);
        return new
        {
            seconds = Stopwatch.GetElapsedTime(started).TotalSeconds,
            allocated = GC.GetAllocatedBytesForCurrentThread() - before,
            refusal,
        };
    }

    /// <summary>The fastest of several runs: disturbances only ever make a short run longer.</summary>
    public static object Measure(string name, int length)
    {
        Shape shape = s_shapes.First((each) => each.Name == name);
        ParserOptions options = shape.Options;
        string text = shape.Build(length);
        double seconds = double.MaxValue;
        long allocated = 0;
        for (int i = 0; i < Tries; i++)
        {
            GC.Collect();
            long before = GC.GetAllocatedBytesForCurrentThread(), started = Stopwatch.GetTimestamp();
            Parser.Parse(text, options);
            seconds = Math.Min(seconds, Stopwatch.GetElapsedTime(started).TotalSeconds);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        return new { seconds, allocated };
    }
}
