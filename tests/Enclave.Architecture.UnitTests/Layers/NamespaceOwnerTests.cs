using System.Text.RegularExpressions;

namespace Enclave.Architecture.UnitTests.Layers;

/// <summary>
/// A namespace of ours lives in one project: a reader of a <c>using</c> knows the assembly. <c>Enclave</c> itself, where the types of the library stand that
/// users name, lives in each of its projects. Namespaces of the framework, where extension methods stand, do not count.
/// </summary>
public sealed partial class NamespaceOwnerTests
{
    [Fact]
    public void A_namespace_lives_in_one_project()
    {
        (string Space, string Project)[] declared =
        [
            .. SourceProjects.Compiled.SelectMany((project) => Namespaces(project).Select((space) => (space, project))),
        ];

        string[] shared = [.. declared.GroupBy((pair) => pair.Space, (pair) => pair.Project)
            .Where((owners) => owners.Count() > 1 && !(owners.Key == "Enclave" && owners.All(SourceProjects.Library.Contains)))
            .Select((owners) => $"{owners.Key} in {string.Join(" and ", owners)}")];

        Assert.True(shared.Length == 0, $"Namespaces in more than one project: {string.Join("; ", shared)}");
        Assert.Contains(("Enclave", "Enclave.Host"), declared);
    }

    [Fact]
    public void No_source_file_is_compiled_into_two_projects()
    {
        string[] linked = [.. SourceProjects.Compiled.Where((project) =>
            Regex.IsMatch(File.ReadAllText(Path.Combine(SourceProjects.Folder, project, $"{project}.csproj")), """<Compile Include="\.\./"""))];

        Assert.Empty(linked);
    }

    private static IEnumerable<string> Namespaces(string project) => SourceProjects.Files(project)
        .Select((file) => Declared().Match(SourceFiles.Text(file)).Groups[1].Value)
        .Where((space) => space.StartsWith("Enclave", StringComparison.Ordinal)).Distinct();

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Declared();
}
