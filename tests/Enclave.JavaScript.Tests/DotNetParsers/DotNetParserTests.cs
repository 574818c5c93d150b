using System.Text;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Tests.Conformance;
using Enclave.JavaScript.Tests.Corpus;
using Enclave.JavaScript.Tests.Differential;
using Enclave.Tests;

namespace Enclave.JavaScript.Tests.DotNetParsers;

/// <summary>Two parsers of other packages say what we say, or differences.txt names it. There acorn agrees with us, or its slip is listed.</summary>
public sealed class DotNetParserTests(ITestOutputHelper output)
{
    private const int UsualMegabytes = 4;
    private const int Shown = 60;
    private static readonly DotNetParser[] s_parsers = [DotNetParser.Acornima, DotNetParser.Esprima];
    private static readonly string[] s_folders = ["pass", "pass-explicit", "fail", "early"];

    public static TheoryData<string> Parsers => [.. s_parsers.Select((parser) => parser.Name)];

    [Theory]
    [MemberData(nameof(Parsers))]
    public void It_agrees_over_the_test_programs(string parser)
    {
        Installed.SkipIfMissing();
        AssertNamed(parser, s_folders.SelectMany(Test262ParserTests.Names).Select((name) => (Test262ParserTests.Read(name), Test262ParserTests.GoalOf(name))));
    }

    [Theory]
    [MemberData(nameof(Parsers))]
    public void It_agrees_over_real_programs(string parser)
    {
        Installed.SkipIfMissing();
        AssertNamed(parser, Installed.Files(TestSize.Full ? null : UsualMegabytes).Select(Installed.Read)
            .Select((source) => (source, Ours.ParseAsNeeded(source).Goal ?? SourceGoal.Script)));
    }

    [Theory]
    [MemberData(nameof(Parsers))]
    public void It_agrees_over_mutated_programs(string parser)
    {
        Installed.SkipIfMissing();
        AssertNamed(parser, Acorn.Mutations(1, 0, TestSize.Of(5_000, 50_000))
            .SelectMany((mutation) => Enum.GetValues<SourceGoal>().Select((goal) => (mutation.Source, goal))));
    }

    [Fact]
    public void Every_named_difference_is_one_and_acorn_agrees_with_us()
    {
        Installed.SkipIfMissing();
        using var acorn = new AcornSession();
        Assert.All(ParserDifference.All, (named) =>
        {
            Assert.Equal(named.Cause, ParserDifference.CauseOf(Parser(named.Parser), named.Example, named.Goal));
            Assert.True(acorn.Compare(named.Example, named.Goal) is not { } found || AcornDeviation.Of(found) is not null, $"acorn sides with {named}");
        });
    }

    private static DotNetParser Parser(string name) => s_parsers.Single((parser) => parser.Name.StartsWith(name, StringComparison.Ordinal));

    private void AssertNamed(string name, IEnumerable<(string Source, SourceGoal Goal)> texts)
    {
        DotNetParser parser = Parser(name);
        var found = new Dictionary<string, (int Count, string Source, SourceGoal Goal)>();
        int count = 0;
        foreach ((string source, SourceGoal goal) in texts)
        {
            count++;
            if (ParserDifference.CauseOf(parser, source, goal) is not { } cause) continue;
            (int Count, string Source, SourceGoal Goal) before = found.GetValueOrDefault(cause, (0, source, goal));
            found[cause] = source.Length < before.Source.Length ? (before.Count + 1, source, goal) : before with { Count = before.Count + 1 };
        }

        ILookup<string, ParserDifference> named = ParserDifference.All.Where((each) => name.StartsWith(each.Parser, StringComparison.Ordinal))
            .ToLookup((each) => each.Cause);
        int different = found.Values.Sum((each) => each.Count);
        output.WriteLine($"{name}: {count} texts, {count - different} agree, {different} differ for {found.Count} causes");
        foreach ((string cause, (int times, _, _)) in found.OrderByDescending((each) => each.Value.Count))
            output.WriteLine($"{times} times {cause}: {named[cause].FirstOrDefault()?.Why ?? "?"}");
        KeyValuePair<string, (int Count, string Source, SourceGoal Goal)>[] unnamed = [.. found.Where((each) => !named.Contains(each.Key))];
        Assert.True(unnamed.Length == 0, Report(parser, unnamed));
    }

    /// <summary>Each cause as a line of differences.txt that waits for its reason.</summary>
    private static string Report(DotNetParser parser, KeyValuePair<string, (int Count, string Source, SourceGoal Goal)>[] unnamed)
    {
        var report = new StringBuilder($"{unnamed.Length} causes have no name:\n");
        foreach ((string cause, (_, string source, SourceGoal goal)) in unnamed.Take(Shown))
        {
            string example = Shrinking.Of(source, (shorter) => ParserDifference.CauseOf(parser, shorter, goal) == cause);
            report.Append($"{parser.Name.Split(' ')[0]} | {cause} | {goal} | {Disagreement.Escape(example)[1..^1]} | ?\n");
        }

        return report.ToString();
    }
}
