using Enclave.Tests;

namespace Enclave.Architecture.UnitTests.Layers;

/// <summary>The projects under <c>src</c> that hold C#.</summary>
internal static class SourceProjects
{
    public static IEnumerable<string> Compiled => Directory.GetDirectories(Folder)
        .Where((folder) => Files(folder).Any() && Directory.EnumerateFiles(folder, "*.csproj").Any())
        .Select((folder) => Path.GetFileName(folder)).Order(StringComparer.Ordinal);

    public static string Folder => Path.Combine(Repository.Root, "src");

    public static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        .Where((file) => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));

    /// <summary>Returns the namespace of the files beside the project file: the project's name, but for the library itself.</summary>
    public static string RootNamespace(string project) => project == "Enclave.Host" ? "Enclave" : project;
}
