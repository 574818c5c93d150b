using System.Reflection;
using System.Text.RegularExpressions;
using Enclave.Architecture.UnitTests.Layers;
using Enclave.Tests;

namespace Enclave.Architecture.UnitTests.Documents;

/// <summary>The walks and the glossary of docs/architecture.md.</summary>
public sealed partial class WalkTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md"));

    public static TheoryData<string> Walks => ["One job", "One tool call", "One HTTP session", "One queued session"];

    [Theory]
    [MemberData(nameof(Walks))]
    public void Each_step_of_a_walk_begins_with_a_type_that_exists(string walk)
    {
        string[] steps = Step().Matches(Section($"### {walk}")).Select((match) => match.Value).ToArray();
        HashSet<string> types =
            [.. SourceProjects.Compiled.SelectMany((project) => Assembly.Load(project).GetTypes()).Select((type) => type.Name.Split('`')[0])];

        Assert.InRange(steps.Length, 5, 15);
        string[] wrong = [.. steps.Where((step) => FirstName().Match(step) is not { Success: true } name || !types.Contains(name.Groups[1].Value))];
        Assert.True(wrong.Length == 0, $"no type of src is named first in: {string.Join("; ", wrong)}");
    }

    [Fact]
    public void There_are_four_walks() =>
        Assert.Equal(Walks.Select((row) => row.Data), Heading().Matches(Section("## Four walks")).Select((match) => match.Groups[1].Value));

    [Fact]
    public void The_glossary_has_each_word_once_and_under_forty()
    {
        string[] words = Row().Matches(Section("## Glossary")).Select((match) => match.Groups[1].Value).Where((word) => word != "word").ToArray();

        Assert.InRange(words.Length, 20, 39);
        Assert.Equal(words.Distinct(StringComparer.OrdinalIgnoreCase), words);
    }

    /// <summary>The text below a heading, up to the next one of its rank or above.</summary>
    private static string Section(string heading)
    {
        int start = s_page.IndexOf($"\n{heading}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"docs/architecture.md has no '{heading}'");
        string rest = s_page[(start + heading.Length + 2)..];
        int rank = heading.TakeWhile((sign) => sign == '#').Count();
        Match end = Regex.Match(rest, $"^#{{1,{rank}}} ", RegexOptions.Multiline);
        return end.Success ? rest[..end.Index] : rest;
    }

    [GeneratedRegex(@"^\d+\. .+$", RegexOptions.Multiline)]
    private static partial Regex Step();

    [GeneratedRegex(@"^\d+\. `(\w+)`")]
    private static partial Regex FirstName();

    [GeneratedRegex("^### (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\| ([^|]+?) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
