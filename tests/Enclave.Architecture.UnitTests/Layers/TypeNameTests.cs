using System.Text.RegularExpressions;

namespace Enclave.Architecture.UnitTests.Layers;

/// <summary>A name stands for one type in all of <c>src</c>, so a search for it finds the right one.</summary>
public sealed partial class TypeNameTests
{
    /// <summary>Names that stand for two types, each with the reason. Remove an entry when one of them is renamed; add none.</summary>
    private static readonly SortedDictionary<string, string> s_known = new(StringComparer.Ordinal)
    {
        ["Program"] = "ESTree's name for the root of a tree, and the usual name for the class of an executable's Main",
    };

    [Fact]
    public void No_two_types_share_a_name()
    {
        string[] twice = [.. SourceProjects.Compiled
            .SelectMany(Names)
            .GroupBy((name) => name, StringComparer.Ordinal)
            .Where((projects) => projects.Count() > 1)
            .Select((projects) => projects.Key).Order(StringComparer.Ordinal)];

        Assert.Equal(s_known.Keys, twice);
    }

    [Fact]
    public void Each_exception_has_its_reason() => Assert.All(s_known, (known) => Assert.InRange(known.Value.Length, 30, 200));

    private static IEnumerable<string> Names(string project) => SourceProjects.Files(project)
        .SelectMany((file) => Declared().Matches(SourceFiles.Text(file))).Select((type) => type.Groups[1].Value).Distinct();

    [GeneratedRegex(
        @"^(?:(?:public|internal|static|sealed|abstract|partial|readonly|ref|unsafe) )*(?:class|struct|record struct|record|interface|enum) (\w+)",
        RegexOptions.Multiline)]
    private static partial Regex Declared();
}
