using System.Runtime.InteropServices;

namespace Enclave.Tests;

/// <summary>The checkout that the tests were built in.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>The program that runs this test: three folders above the framework.</summary>
    public static string DotNet { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));

    /// <summary>A program of this repository, built in the configuration of this test.</summary>
    public static string Built(string project)
    {
        // artifacts/bin/<project>/<configuration>/
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        string path = Path.Combine(own.Parent!.Parent!.FullName, project, own.Name, project + ".dll");
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is not built");
    }

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Enclave.sln"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException("Enclave.sln is nowhere above the tests");
    }
}
