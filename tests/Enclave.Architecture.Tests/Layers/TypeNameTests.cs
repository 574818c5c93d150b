using System.Text.RegularExpressions;

namespace Enclave.Architecture.Tests.Layers;

/// <summary>A name stands for one type in all of <c>src</c>, so a search for it finds the right one.</summary>
public sealed partial class TypeNameTests
{
    // Names that still stand for two types. Remove an entry when one of them is renamed; add none.
    private static readonly string[] s_known = ["Program", "SessionState", "ToolProgress"];

    [Fact]
    public void No_two_types_share_a_name()
    {
        string[] twice = [.. SourceProjects.Compiled
            .SelectMany(Names)
            .GroupBy((name) => name, StringComparer.Ordinal)
            .Where((projects) => projects.Count() > 1)
            .Select((projects) => projects.Key).Order(StringComparer.Ordinal)];

        Assert.Equal(s_known, twice);
    }

    private static IEnumerable<string> Names(string project) => SourceProjects.Files(Path.Combine(SourceProjects.Folder, project))
        .SelectMany((file) => Declared().Matches(File.ReadAllText(file))).Select((type) => type.Groups[1].Value).Distinct();

    [GeneratedRegex(
        @"^(?:(?:public|internal|static|sealed|abstract|partial|readonly|ref|unsafe) )*(?:class|struct|record struct|record|interface|enum) (\w+)",
        RegexOptions.Multiline)]
    private static partial Regex Declared();
}
