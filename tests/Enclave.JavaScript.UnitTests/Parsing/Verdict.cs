using Enclave.JavaScript.Ast;
using Enclave.Tests;

namespace Enclave.JavaScript.Tests.Parsing;

/// <summary>A line of Parsing/verdicts: the goals that accept a text. In the files ⏎ stands for a line feed.</summary>
/// <param name="Goals">both, script, module or none.</param>
/// <param name="Source">The text.</param>
internal sealed record Verdict(string Goals, string Source)
{
    private const int SourceColumn = 7;

    public static string[] Topics { get; } = [.. Directory.GetFiles(Folder, "*.txt").Select((file) => Path.GetFileNameWithoutExtension(file)!).Order()];

    private static string Folder => Path.Combine(Repository.Root, "tests", "Enclave.JavaScript.UnitTests", "Parsing", "verdicts");

    public bool Accepts(SourceGoal goal) => Goals == "both" || Goals == goal.Text();

    public static Verdict[] Of(string topic) =>
        [.. File.ReadAllLines(Path.Combine(Folder, topic + ".txt"))
            .Select((line) => new Verdict(line[..SourceColumn].Trim(), line[SourceColumn..].Replace('⏎', '\n')))];

    public static ParserOptions Options(SourceGoal goal) => new() { Goal = goal, Edition = LanguageEdition.Latest };
}
