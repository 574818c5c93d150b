using System.Diagnostics;
using Enclave.JavaScript;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Printing;

namespace Enclave.FrontEndBench;

/// <summary>Parses and prints sets of files, on the calling thread.</summary>
internal sealed class Contestant
{
    private readonly Dictionary<string, SourceFile[]> _sets = [];
    private (string Name, Program[] Trees)? _trees;

    /// <summary>Reads the files into memory and parses each once.</summary>
    public object Load(string name, IEnumerable<SourceFile> files)
    {
        SourceFile[] set = _sets[name] = [.. files];
        long nodes = 0;
        foreach (SourceFile file in set) nodes += NodeCount.Of(file.Parse());
        return new { nodes, bytes = set.Sum((file) => (long)file.Bytes), refused = RefusedByOthers(set) };
    }

    public object Parse(string name, string parser, int times)
    {
        SourceFile[] set = _sets[name];
        Func<string, ParserOptions, string?> parse = Parsers.Named(parser);
        GC.Collect();
        long before = GC.GetAllocatedBytesForCurrentThread(), started = Stopwatch.GetTimestamp();
        for (int i = 0; i < times; i++)
        {
            foreach (SourceFile file in set) parse(file.Text, file.Options);
        }

        return new { seconds = Stopwatch.GetElapsedTime(started).TotalSeconds, allocated = GC.GetAllocatedBytesForCurrentThread() - before };
    }

    public object Erase(string name, int times)
    {
        SourceFile[] set = _sets[name];
        GC.Collect();
        long characters = 0, started = Stopwatch.GetTimestamp();
        for (int i = 0; i < times; i++)
        {
            foreach (SourceFile file in set) characters += Printer.Print(file.Parse(), PrinterOptions.Readable).Length;
        }

        return new { seconds = Stopwatch.GetElapsedTime(started).TotalSeconds, characters };
    }

    public object Print(string name, int times)
    {
        if (_trees?.Name != name) _trees = (name, [.. _sets[name].Select((file) => file.Parse())]);
        GC.Collect();
        long characters = 0, started = Stopwatch.GetTimestamp();
        for (int i = 0; i < times; i++)
        {
            foreach (Program tree in _trees.Value.Trees) characters += Printer.Print(tree, PrinterOptions.Readable).Length;
        }

        return new { seconds = Stopwatch.GetElapsedTime(started).TotalSeconds, characters };
    }

    private static string[] RefusedByOthers(SourceFile[] set) =>
    [
        .. set.Where((file) => file.Options.Language == SourceLanguage.JavaScript
            && Parsers.Others.Any((other) => Parsers.Named(other)(file.Text, file.Options) is not null)).Select((file) => file.Path),
    ];

    public object Drop(string name)
    {
        _sets.Remove(name);
        _trees = null;
        return new { };
    }
}
