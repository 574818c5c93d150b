using System.Xml.Linq;
using Enclave.Architecture.UnitTests.Layers;
using Enclave.Tests;

namespace Enclave.Architecture.UnitTests.Tiers;

/// <summary>The folders under <c>tests</c> that <c>./test.sh</c> takes for test projects.</summary>
internal static class TestProjects
{
    private const string Unit = ".UnitTests";

    private static readonly string s_folder = Path.Combine(Repository.Root, "tests");

    public static IReadOnlyList<string> All { get; } =
        [.. Directory.EnumerateDirectories(s_folder, "Enclave.*Tests").Select((folder) => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    public static bool IsUnit(string project) => project.EndsWith(Unit, StringComparison.Ordinal);

    public static string ProjectFile(string project) => Path.Combine(s_folder, project, $"{project}.csproj");

    /// <summary>The files that are compiled into a project: its own, and those of other folders that its project file names.</summary>
    public static IEnumerable<string> Sources(string project)
    {
        string folder = Path.Combine(s_folder, project);
        return SourceFiles.Under(folder).Concat(XDocument.Load(ProjectFile(project)).Descendants("Compile")
            .SelectMany((files) => ((string)files.Attribute("Include")!).Split(';')).SelectMany((pattern) => Matching(folder, pattern)));
    }

    private static IEnumerable<string> Matching(string folder, string pattern)
    {
        bool isDeep = pattern.Contains("/**/", StringComparison.Ordinal);
        string path = Path.GetFullPath(Path.Combine(folder, pattern.Replace("/**/", "/", StringComparison.Ordinal)));
        return Directory.EnumerateFiles(
            Path.GetDirectoryName(path)!, Path.GetFileName(path), isDeep ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly);
    }
}
