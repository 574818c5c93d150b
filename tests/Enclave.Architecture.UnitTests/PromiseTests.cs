using System.Text.RegularExpressions;
using Enclave.Architecture.UnitTests.Layers;
using Enclave.Tests;

namespace Enclave.Architecture.UnitTests;

/// <summary>Every promise of tests/promises.txt has a test with its id, or a reason why it has none.</summary>
public sealed partial class PromiseTests
{
    /// <summary>The families, and the number of promises in each: a deleted promise shows here.</summary>
    private static readonly (char Family, int Count)[] s_families = [('I', 15), ('R', 16), ('P', 13), ('L', 12), ('T', 7), ('S', 4), ('B', 9)];

    private static readonly Lazy<HashSet<string>> s_tested = new(ReadTestedIds);

    [Fact]
    public void The_list_is_whole() => Assert.Equal(
        s_families.SelectMany((family) => Enumerable.Range(1, family.Count).Select((number) => $"{family.Family}{number}")),
        Promises().Select((promise) => promise.Id));

    [Fact]
    public void Every_promise_has_a_test_or_a_reason()
    {
        Assert.Empty(Promises()
            .Where((promise) => !s_tested.Value.Contains(promise.Id) && promise.Reason.Length == 0)
            .Select((promise) => $"{promise.Id} has no test: {promise.Text}"));
    }

    [Fact]
    public void No_promise_excuses_itself_from_tests_that_it_has()
    {
        Assert.Empty(Promises().Where((promise) => promise.Reason.Length > 0 && s_tested.Value.Contains(promise.Id)).Select((promise) => promise.Id));
    }

    [Fact]
    public void Every_id_of_a_test_is_one_of_the_list() => Assert.Empty(s_tested.Value.Except(Promises().Select((promise) => promise.Id)));

    private static IEnumerable<(string Id, string Text, string Reason)> Promises() => File.ReadAllLines(Path.Combine(Repository.Root, "tests", "promises.txt"))
        .Where((line) => line.Length > 0 && line[0] != '#')
        .Select((line) => Line().Match(line) is { Success: true } match
            ? (match.Groups["id"].Value, match.Groups["text"].Value.Trim(), match.Groups["reason"].Value.Trim())
            : throw new FormatException($"tests/promises.txt: {line}"));

    private static HashSet<string> ReadTestedIds() => SourceFiles.Under(Path.Combine(Repository.Root, "tests"))
        .SelectMany((file) => Test().Matches(SourceFiles.Text(file)).Select((match) => match.Groups["id"].Value))
        .ToHashSet(StringComparer.Ordinal);

    [GeneratedRegex(@"^(?<id>[A-Z][0-9]+) +(?<text>[^|]+)(\|(?<reason>.+))?$")]
    private static partial Regex Line();

    /// <summary>An xunit attribute, other attributes, and the name of the method below them.</summary>
    [GeneratedRegex(@"\[(Fact|Theory)[^\r\n]*\s+(\[[^\r\n]*\s+)*public (async )?(Task|void|ValueTask) (?<id>[BIRPLTS][0-9]+)_\w+\(")]
    private static partial Regex Test();
}
