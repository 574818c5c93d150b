using Enclave.Tests;

namespace Enclave.Architecture.UnitTests.Layers;

/// <summary>The projects under <c>src</c> that hold C#.</summary>
internal static class SourceProjects
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "src");

    public static IReadOnlyList<string> Compiled { get; } =
    [
        .. Directory.GetDirectories(Folder).Where((folder) => SourceFiles.Under(folder).Count > 0 && Directory.EnumerateFiles(folder, "*.csproj").Any())
            .Select((folder) => Path.GetFileName(folder)).Order(StringComparer.Ordinal),
    ];

    public static IReadOnlyList<string> Files(string project) => SourceFiles.Under(Path.Combine(Folder, project));

    /// <summary>The projects in the package of the library. The types that users name stand in its one namespace.</summary>
    public static IReadOnlyList<string> Library { get; } =
        ["Enclave.Durable", "Enclave.Host", "Enclave.Models", "Enclave.OpenApi", "Enclave.Schemas", "Enclave.Workers"];

    /// <summary>Those whose folders are many enough for layers of their own.</summary>
    public static IReadOnlyList<string> Layered { get; } = ["Enclave.Durable", "Enclave.Host", "Enclave.Workers"];

    /// <summary>Returns the namespace of the files beside the project file: the project's name, but for the library itself.</summary>
    public static string RootNamespace(string project) => Layered.Contains(project) ? "Enclave" : project;
}
