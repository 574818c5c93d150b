namespace Enclave.Engine;

/// <summary>Finds the folder of an engine.</summary>
internal static class EngineFolder
{
    public const string EnvironmentVariable = "ENCLAVE_ENGINE";

    /// <summary>The folder that the operator names; null for none.</summary>
    public static string? Named(string? option) =>
        option ?? (Environment.GetEnvironmentVariable(EnvironmentVariable) is { Length: > 0 } variable ? variable : null);

    /// <summary>
    /// Finds the folder with these files: by the option, then the environment variable, then beside the program, then artifacts/ above it.
    /// Null if there is none.
    /// </summary>
    /// <exception cref="DirectoryNotFoundException">A named folder lacks a file.</exception>
    public static string? Find(string? option, string name, IReadOnlyList<string> files)
    {
        if (Named(option) is { } named)
        {
            return Missing(named, files) is { } file
                ? throw new DirectoryNotFoundException($"{(option is null ? EnvironmentVariable : "EngineDirectory")} is {named}, where {file} is missing.")
                : Path.GetFullPath(named);
        }

        string beside = Path.Combine(AppContext.BaseDirectory, name);
        if (Missing(beside, files) is null) return beside;
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "artifacts", name);
            if (Missing(candidate, files) is null) return candidate;
        }

        return null;
    }

    private static string? Missing(string folder, IReadOnlyList<string> files) => files.FirstOrDefault((file) => !File.Exists(Path.Combine(folder, file)));
}
