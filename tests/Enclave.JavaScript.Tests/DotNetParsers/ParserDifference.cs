using System.Text.RegularExpressions;
using Enclave.Cli.Parse.Estree;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Tests.Corpus;
using Enclave.Tests;

namespace Enclave.JavaScript.Tests.DotNetParsers;

/// <summary>A difference between another parser and us that has a name: a line of differences.txt.</summary>
/// <param name="Parser">The first word of the package's name.</param>
/// <param name="Cause">The cause by <see cref="CauseOf"/> of each text that shows it.</param>
/// <param name="Goal">How the example is read.</param>
/// <param name="Example">A short text that shows it.</param>
/// <param name="Why">What is wrong, and the clause of ECMA-262 that says so.</param>
internal sealed partial record ParserDifference(string Parser, string Cause, SourceGoal Goal, string Example, string Why)
{
    private const int Columns = 5;

    public static IReadOnlyList<ParserDifference> All { get; } =
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "tests", "Enclave.JavaScript.Tests", "DotNetParsers", "differences.txt"))
            .Where((line) => !line.StartsWith('#')).Select(Read),
    ];

    /// <summary>Names the difference without the names and numbers of the text, so that texts with one cause share it. Null if there is none.</summary>
    public static string? CauseOf(DotNetParser parser, string source, SourceGoal goal)
    {
        ParseResult ours = Ours.Parse(source, goal);
        object theirs;
        try
        {
            theirs = parser.Parse(source, goal);
        }
        catch (FormatException refusal)
        {
            return ours.Success ? $"refuses: {Plain(refusal.Message)}" : null;
        }
        catch (Exception fault)
        {
            return $"throws {fault.GetType().Name}";
        }

        if (!ours.Success) return $"accepts: {Plain(ours.Error.Message)}";
        string? member = EstreeComparison.Difference(EstreeWriter.Write(ours.Program, source, parser.Positions), theirs);
        return member is null ? null : $"tree: {member}";
    }

    private static ParserDifference Read(string line)
    {
        string[] columns = line.Split(" | ", Columns);
        if (columns.Length != Columns) throw new InvalidDataException($"an entry needs {Columns} columns: {line}");
        return new(columns[0], columns[1], Enum.Parse<SourceGoal>(columns[2]), Regex.Unescape(columns[3]), columns[4]);
    }

    private static string Plain(string message) => Special.Replace(AnyString.Replace(message, "The string …"), "…");

    // A string may have quotes of every kind.
    [GeneratedRegex("^The string .*(?= cannot stand here)", RegexOptions.Singleline)]
    private static partial Regex AnyString { get; }

    [GeneratedRegex("""'[^']*'|"[^"]*"|/[^ ]*/[a-z]*|U\+[0-9A-F]+|[0-9]+""")]
    private static partial Regex Special { get; }
}
