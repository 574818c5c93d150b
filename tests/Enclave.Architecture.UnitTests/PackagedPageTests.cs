using System.Text.RegularExpressions;
using System.Xml.Linq;
using Enclave.Architecture.UnitTests.Layers;
using Enclave.Tests;

namespace Enclave.Architecture.UnitTests;

/// <summary>A page that a message names is in the package of that message.</summary>
public sealed partial class PackagedPageTests
{
    [Fact]
    public void Every_page_that_a_message_names_is_there()
    {
        string[] named = [.. SourceFiles.Under(SourceProjects.Folder)
            .SelectMany((file) => SourceFiles.Text(file).Split('\n').Where((line) => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)))
            .SelectMany((line) => Page().Matches(line)).Select((match) => match.Value).Distinct()];

        Assert.Contains("docs/double-vm.md", named);
        Assert.All(named, (page) => Assert.True(File.Exists(Path.Combine(Repository.Root, page)), page));
        Assert.All(Enum.GetValues<ErrorCode>(), (code) => Assert.True(
            File.Exists(Path.Combine(Repository.Root, "docs", "errors", $"{code.ToCode()}.md")), code.ToCode()));
    }

    [Fact]
    public void The_library_and_the_command_carry_all_pages_and_those_of_errors()
    {
        Assert.Equal("true", Project("Enclave.Host").Descendants("PackageDocs").Single().Value);
        string[] packed =
            [.. Project("Enclave.Cli").Descendants("None").Select((file) => $"{(string?)file.Attribute("Include")} {(string?)file.Attribute("PackagePath")}")];
        Assert.Contains("../../docs/*.md docs/", packed);
        Assert.Contains("../../docs/errors/*.md docs/errors/", packed);
        string targets = File.ReadAllText(Path.Combine(Repository.Root, "eng", "packages", "Package.targets"));
        Assert.Contains("docs/*.md\" Into=\"docs/\"", targets, StringComparison.Ordinal);
        Assert.Contains("docs/errors/*.md\" Into=\"docs/errors/\"", targets, StringComparison.Ordinal);
    }

    private static XDocument Project(string name) => XDocument.Load(Path.Combine(Repository.Root, "src", name, $"{name}.csproj"));

    [GeneratedRegex(@"docs/(errors/[A-Z_]+|[a-z-]+)\.md")]
    private static partial Regex Page();
}
