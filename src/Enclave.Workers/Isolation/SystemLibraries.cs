namespace Enclave.Isolation;

/// <summary>The system libraries that the engine is linked against, and their Debian packages.</summary>
internal static class SystemLibraries
{
    /// <summary>The files, each with its Debian package.</summary>
    public static readonly (string File, string Package)[] All =
    [
        ("libc.so.6", "libc6"), ("libm.so.6", "libc6"), ("libdl.so.2", "libc6"), ("libpthread.so.0", "libc6"),
        ("libgcc_s.so.1", "libgcc-s1"), ("libstdc++.so.6", "libstdc++6"), ("libatomic.so.1", "libatomic1"),
    ];

    /// <summary>The folder of this process's C library, which depends on the distribution.</summary>
    public static string Folder()
    {
        foreach (string line in OperatingSystem.IsLinux() ? File.ReadLines("/proc/self/maps") : [])
        {
            if (line.EndsWith("/libc.so.6", StringComparison.Ordinal)) return Path.GetDirectoryName(line[line.IndexOf('/', StringComparison.Ordinal)..])!;
        }

        return "/lib/x86_64-linux-gnu";
    }

    /// <summary>Names the missing libraries in this folder, with the remedy; null if there are none.</summary>
    public static (string What, string Remedy)? Missing(string folder)
    {
        List<string> files = [], packages = [];
        foreach ((string file, string package) in All)
        {
            if (File.Exists(Path.Combine(folder, file))) continue;
            files.Add(file);
            packages.Add(package);
        }

        return files.Count == 0 ? null : ($"{string.Join(", ", files)} not in {folder}", $"apt-get install -y {string.Join(' ', packages.Distinct())}");
    }
}
