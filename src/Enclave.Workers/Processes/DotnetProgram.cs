using System.Runtime.InteropServices;

namespace Enclave.Processes;

/// <summary>Finds the program that runs .NET assemblies.</summary>
internal static class DotnetProgram
{
    private static readonly string s_name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";

    /// <summary>The path of <c>dotnet</c>: of the .NET that runs this process; for self-contained applications by DOTNET_ROOT, then by PATH.</summary>
    /// <exception cref="FileNotFoundException">There is no <c>dotnet</c>; the message says how to get it.</exception>
    public static string Find()
    {
        // <root>/shared/Microsoft.NETCore.App/<version>/
        string? root = Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(
            RuntimeEnvironment.GetRuntimeDirectory()))));
        IEnumerable<string?> folders =
            [root, Environment.GetEnvironmentVariable("DOTNET_ROOT"), .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)];
        // Names relative to the current folder would run whatever lies there.
        return folders.Where((folder) => Path.IsPathFullyQualified(folder ?? "")).Select((folder) => Path.Combine(folder!, s_name)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"The portable engine needs {s_name}: install the .NET 10 runtime, or name its folder in DOTNET_ROOT.", s_name);
    }
}
