using Enclave.JavaScript;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Printing;

namespace Enclave.FrontEndProbe;

/// <summary>Feeds one shape after another to the front end, on a thread with the stack size of .NET's thread pool.</summary>
internal static class Bombs
{
    private const int PoolThreadStack = 1536 * 1024;
    private const int ShortestLength = 1_000;

    /// <summary>Prints the name of each bomb before it runs, and the outcome after it, so that a crash has a name.</summary>
    public static void Run(int seed, int from, int to, int longest)
    {
        for (int index = from; index < to; index++)
        {
            var random = new Random(seed * 1_000_003 + index);
            Shape shape = random.Next(4) == 0 ? TypedShapes.All[random.Next(TypedShapes.All.Count)] : Shapes.Random(random);
            // As many short ones as long ones, by orders of magnitude.
            int length = (int)(ShortestLength * Math.Pow((double)longest / ShortestLength, random.NextDouble()));
            SourceGoal goal = random.Next(2) == 0 ? SourceGoal.Script : SourceGoal.Module;
            Console.Out.WriteLine($"start {index} {goal} {length} {shape.Name}");
            Console.Out.Flush();
            Console.Out.WriteLine($"end {index} {OnPoolSizedStack(() => Try(shape.Build(length), shape.Options with { Goal = goal }))}");
        }
    }

    /// <summary>The bytes allocated for each shape, beginning with one of them, over doubling lengths.</summary>
    public static void Growth(int from, int shortest, int doublings)
    {
        Shape[] shapes = [.. Shapes.All, .. TypedShapes.All];
        for (int index = from; index < shapes.Length; index++)
        {
            Shape shape = shapes[index];
            Console.Out.WriteLine($"start {index} {shape.Name}");
            Console.Out.Flush();
            string[] texts = [.. Enumerable.Range(0, doublings).Select((i) => shape.Build(shortest << i))];
            IEnumerable<long> bytes = texts.Select((text) => Allocated(text, shape.Options));
            Console.Out.WriteLine($"end {index} {string.Join(' ', bytes)}");
        }
    }

    private static long Allocated(string text, ParserOptions options)
    {
        // One run before, so that one-time allocations do not count as growth. Each on a thread of its own: a thread keeps the tables of its last text.
        OnPoolSizedStack(Parse);
        return OnPoolSizedStack(Parse);

        long Parse()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Parser.Parse(text, options);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static string Try(string text, ParserOptions options)
    {
        try
        {
            ParseResult result = Parser.Parse(text, options);
            if (result.Error is { } error)
                return error.Offset >= 0 && error.Offset <= text.Length ? $"refused {error.Code}" : $"WRONG offset {error.Offset} of {text.Length}";
            if (result.Program is not { } program) return "WRONG neither program nor error";
            new Walk().Visit(program);
            foreach (PrinterOptions style in new[] { PrinterOptions.Compact, PrinterOptions.Readable })
            {
                ParseResult again = Parser.Parse(Printer.Print(program, style), options);
                if (!again.Success) return $"WRONG printed {style.Style}: {again.Error}";
            }

            return "accepted";
        }
        catch (Exception exception)
        {
            return $"WRONG {exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")}";
        }
    }

    private static T OnPoolSizedStack<T>(Func<T> work)
    {
        T result = default!;
        var thread = new Thread(() => result = work(), PoolThreadStack);
        thread.Start();
        thread.Join();
        return result;
    }

    private sealed class Walk : AstVisitor;
}
