using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Tests.Corpus;
using Enclave.Tests;

namespace Enclave.JavaScript.Tests.Conformance;

/// <summary>tc39's tests for parsers, by the rules of their README.</summary>
public sealed class Test262ParserTests
{
    private const int Shown = 60;
    private static readonly HashSet<string> s_changes = ReadList("changes.txt", 3);
    private static readonly HashSet<string> s_slips = ReadList("slips.txt", 2);

    public Test262ParserTests() => Installed.SkipIfMissing();

    [Theory]
    [InlineData("pass", 1981)]
    [InlineData("pass-explicit", 1981)]
    public void Every_valid_program_is_accepted(string folder, int count)
    {
        IReadOnlyList<string> names = Names(folder);
        Assert.Equal(count, names.Count);
        AssertNone(names.Where((name) => !Accepts(name)).Select((name) => $"{name} is refused: {Parse(name).Error}: {Read(name)}"));
    }

    [Theory]
    [InlineData("fail", 731)]
    [InlineData("early", 668)]
    public void Every_invalid_program_is_refused_unless_the_language_changed_since(string folder, int count)
    {
        IReadOnlyList<string> names = Names(folder);
        Assert.Equal(count, names.Count);
        AssertNone(names.Where((name) => Accepts(name) && !s_changes.Contains(name)).Select((name) => $"{name} is accepted: {Read(name)}"));
    }

    [Fact]
    public void Every_listed_change_is_one() =>
        AssertNone(s_changes.Where((name) => !File.Exists(PathOf(name)) || !Accepts(name)).Select((name) => $"{name} needs no entry in changes.txt"));

    [Fact]
    public void Programs_and_their_explicit_forms_have_the_same_tree_unless_the_suite_slipped() => AssertNone(Names("pass").Select((name) =>
        DifferenceFromExplicit(name) is { } difference && !s_slips.Contains(name) ? $"{name}: {difference}: {Read(name)} | {Read(ExplicitName(name))}" : ""));

    [Fact]
    public void Every_listed_slip_of_the_suite_is_one() =>
        AssertNone(s_slips.Where((name) => !File.Exists(PathOf(name)) || DifferenceFromExplicit(name) is null)
            .Select((name) => $"{name} needs no entry in slips.txt"));

    internal static IReadOnlyList<string> Names(string folder) =>
        [.. Directory.GetFiles(PathOf(folder), "*.js").Select((path) => $"{folder}/{Path.GetFileName(path)}").Order(StringComparer.Ordinal)];

    internal static SourceGoal GoalOf(string name) => name.EndsWith(".module.js", StringComparison.Ordinal) ? SourceGoal.Module : SourceGoal.Script;

    internal static string Read(string name) => Installed.Read(PathOf(name));

    private static bool Accepts(string name) => Parse(name).Success;

    private static string? DifferenceFromExplicit(string name)
    {
        if (Parse(name).Program is not { } program || Parse(ExplicitName(name)).Program is not { } explicitProgram) return "refused";
        return TreeComparison.Difference(SameMeaning.Of(program), SameMeaning.Of(explicitProgram));
    }

    private static string ExplicitName(string name) => name.Replace("pass/", "pass-explicit/", StringComparison.Ordinal);

    // The edition that the tests were written for. In one with using, the list would differ.
    private static ParseResult Parse(string name) => Parser.Parse(Read(name), GoalOf(name) == SourceGoal.Module ? ParserOptions.Module : ParserOptions.Script);

    private static string PathOf(string name) => Installed.Package("test262-parser-tests", name);

    private static void AssertNone(IEnumerable<string> complaints)
    {
        string[] all = [.. complaints.Where((complaint) => complaint.Length > 0)];
        Assert.True(all.Length == 0, $"{all.Length}:\n{string.Join('\n', all.Take(Shown))}");
    }

    private static HashSet<string> ReadList(string file, int columns)
    {
        string list = Path.Combine(Repository.Root, "tests", "Enclave.JavaScript.Tests", "Conformance", file);
        IEnumerable<string[]> entries = File.ReadLines(list).Where((line) => !line.StartsWith('#')).Select((line) => line.Split(" | "));
        return [.. entries.Select(
            (entry) => entry.Length == columns ? entry[0] : throw new InvalidDataException($"{file}: an entry needs {columns} columns: {entry[0]}"))];
    }
}
