namespace Enclave.Isolation;

/// <summary>The libraries of the system that the engine is linked against, and the Debian packages that they come in.</summary>
public static class SystemLibraries
{
    /// <summary>The files, each with its Debian package.</summary>
    public static readonly (string File, string Package)[] All =
    [
        ("libc.so.6", "libc6"), ("libm.so.6", "libc6"), ("libdl.so.2", "libc6"), ("libpthread.so.0", "libc6"),
        ("libgcc_s.so.1", "libgcc-s1"), ("libstdc++.so.6", "libstdc++6"), ("libatomic.so.1", "libatomic1"),
    ];

    /// <summary>The folder of the C library that this process runs on: distributions differ.</summary>
    public static string Folder()
    {
        foreach (string line in OperatingSystem.IsLinux() ? File.ReadLines("/proc/self/maps") : [])
        {
            if (line.EndsWith("/libc.so.6", StringComparison.Ordinal)) return Path.GetDirectoryName(line[line.IndexOf('/', StringComparison.Ordinal)..])!;
        }

        return "/lib/x86_64-linux-gnu";
    }

    /// <summary>What is missing in this folder, and the remedy; null when nothing is.</summary>
    public static (string What, string Remedy)? Missing(string folder)
    {
        (string File, string Package)[] missing = [.. All.Where((library) => !File.Exists(Path.Combine(folder, library.File)))];
        if (missing.Length == 0) return null;
        string packages = string.Join(' ', missing.Select((library) => library.Package).Distinct());
        return ($"{string.Join(", ", missing.Select((library) => library.File))} not in {folder}", $"apt-get install -y {packages}");
    }
}
