using System.Text.RegularExpressions;

namespace Enclave.Architecture.Tests.Layers;

/// <summary>A name stands for one type in all of <c>src</c>: whoever searches for it finds what was meant.</summary>
public sealed partial class TypeNameTests
{
    // Names that still stand for two types. An entry goes when one of them has another name; none is added.
    private static readonly string[] s_known = ["Program", "SessionState", "ToolProgress"];

    [Fact]
    public void No_two_types_share_a_name()
    {
        string[] twice = [.. SourceProjects.Compiled
            .SelectMany((project) => SourceProjects.Files(Path.Combine(SourceProjects.Folder, project)).Select(File.ReadAllText).SelectMany((text) => Declared().Matches(text)).Select((type) => (project, Name: type.Groups[1].Value)).Distinct())
            .GroupBy((type) => type.Name, StringComparer.Ordinal).Where((types) => types.Count() > 1).Select((types) => types.Key).Order(StringComparer.Ordinal)];

        Assert.Equal(s_known, twice);
    }

    [GeneratedRegex(@"^(?:(?:public|internal|static|sealed|abstract|partial|readonly|ref|unsafe) )*(?:class|struct|record struct|record|interface|enum) (\w+)", RegexOptions.Multiline)]
    private static partial Regex Declared();
}
