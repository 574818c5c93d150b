using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Printing;
using Enclave.JavaScript.Tests.Corpus;

namespace Enclave.JavaScript.Tests.Printing;

/// <summary>Tables of sources and printed texts, and the checks for each line.</summary>
internal static class Cases
{
    private const string Arrow = " ⇒ ";

    /// <summary>The lines of a table: source ⇒ printed.</summary>
    public static TheoryData<string, string> Of(string table)
    {
        var data = new TheoryData<string, string>();
        foreach (string line in table.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            int arrow = line.IndexOf(Arrow, StringComparison.Ordinal);
            data.Add(line[..arrow].TrimEnd(), line[(arrow + Arrow.Length)..]);
        }

        return data;
    }

    /// <summary>The text is as expected, and both layouts parse to the same tree.</summary>
    public static void Check(string source, string printed, SourceGoal goal)
    {
        Program program = Parse(source, goal);
        Assert.Equal(printed, Printer.Print(program));
        CheckRoundTrip(program);
    }

    /// <summary>Printing and parsing gives the same tree, and printing that tree gives the same text.</summary>
    public static void CheckRoundTrip(Program program)
    {
        foreach (PrinterOptions options in new[] { PrinterOptions.Compact, PrinterOptions.Readable })
        {
            string text = Printer.Print(program, options);
            Program again = Parse(text, program.Goal);
            Assert.Null(TreeComparison.Difference(program, again));
            Assert.Equal(text, Printer.Print(again, options));
        }
    }

    public static Program Parse(string source, SourceGoal goal)
    {
        ParseResult result = Parser.Parse(source, new ParserOptions { Goal = goal, Edition = LanguageEdition.Latest });
        Assert.True(result.Success, $"{result.Error?.Show(source)}\nin {(source.Length > 2_000 ? source[..2_000] : source)}");
        return result.Program;
    }
}
