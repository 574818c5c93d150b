using System.Text.RegularExpressions;
using Enclave.Architecture.UnitTests.Layers;
using Enclave.Tests;

namespace Enclave.Architecture.UnitTests.Documents;

/// <summary>The maps of the projects, and docs/architecture.md above them: short, and true.</summary>
public sealed partial class MapTests
{
    private const int MaxLines = 40, MaxWords = 1_800;

    private static readonly string s_architecture = File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md"));

    public static TheoryData<string> Projects => [.. Directory.GetDirectories(SourceProjects.Folder).Select((folder) => Path.GetFileName(folder))];

    public static TheoryData<string> Layered => [.. SourceProjects.Layered];

    [Theory]
    [MemberData(nameof(Projects))]
    [InlineData("Enclave.Worker/native")]
    public void Each_project_has_a_map_whose_files_exist(string project)
    {
        string map = Path.Combine(SourceProjects.Folder, project, "README.md");
        string[] lines = File.ReadAllLines(map);

        Assert.InRange(lines.Length, 5, MaxLines);
        Assert.Empty(Missing(string.Join('\n', lines), Path.Combine(SourceProjects.Folder, project)));
        Assert.Contains($"(../src/{project}/README.md)", s_architecture, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Layered))]
    public void The_library_names_files_of_its_folders(string project)
    {
        string host = Path.Combine(SourceProjects.Folder, project);
        IEnumerable<string> missing = Layer().Matches(File.ReadAllText(Path.Combine(host, "README.md"))).SelectMany((layer) =>
            BareFile().Matches(layer.Groups[2].Value).Select((file) => Path.Combine(layer.Groups[1].Value.Replace(project, ""), file.Groups[1].Value)))
            .Where((file) => !File.Exists(Path.Combine(host, file)));

        Assert.Empty(missing);
    }

    [Fact]
    public void The_architecture_names_files_that_exist_and_is_short()
    {
        Assert.Empty(Missing(s_architecture, SourceProjects.Folder));
        Assert.InRange(s_architecture.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length, 1_000, MaxWords);
    }

    /// <summary>The files with a folder in their name that are not there: from the page's own folder, a project (<c>Host/Pool/</c>), or the root.</summary>
    private static string[] Missing(string text, string folder) =>
        [.. Named().Matches(text).Select((file) => file.Groups[1].Value).Distinct().Where((file) => !Places(file, folder).Any(File.Exists))];

    private static string[] Places(string file, string folder) =>
    [
        Path.Combine(folder, file), Path.Combine(SourceProjects.Folder, $"Enclave.{file}"), Path.Combine(SourceProjects.Folder, "Enclave.Worker", file),
        Path.Combine(Repository.Root, file),
    ];

    [GeneratedRegex(@"`((?:[A-Za-z.]+/)+[A-Za-z0-9_.-]+\.(?:cs|js|cc|h|sql|txt|targets))`")]
    private static partial Regex Named();

    [GeneratedRegex(@"^\d+\. `((?:\w+/)+|Enclave\.Host)`(.*)$", RegexOptions.Multiline)]
    private static partial Regex Layer();

    [GeneratedRegex(@"`([A-Za-z0-9_.-]+\.(?:cs|txt))`")]
    private static partial Regex BareFile();
}
