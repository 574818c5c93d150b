using Enclave.Linux;

namespace Enclave.Isolation;

/// <summary>
/// Finds programs of the system by name. The search path may contain a folder in which any user may put a program of that name. The current folder is never
/// searched.
/// </summary>
internal static class SystemPrograms
{
    private const string UsualPath = "/usr/bin:/bin";

    /// <summary>
    /// The first program of this name in the search path that only trusted users may write or replace; or the reason why there is none.
    /// </summary>
    public static (string? Path, string? Fault) Find(string name) =>
        // A program with an absolute path is searched there only.
        Find(name, name.StartsWith('/') ? "/" : Environment.GetEnvironmentVariable("PATH") is { Length: > 0 } path ? path : UsualPath);

    /// <inheritdoc cref="Find(string)"/>
    /// <param name="name">The program.</param>
    /// <param name="search">Folders separated as in PATH. Relative ones are ignored.</param>
    public static (string? Path, string? Fault) Find(string name, string search)
    {
        WriteAccess? access = OperatingSystem.IsLinux() ? new WriteAccess() : null;
        (string? Path, string? Fault) refused = default;
        foreach (string folder in search.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            string file = Path.Combine(folder, name);
            if (!Path.IsPathFullyQualified(folder) || !File.Exists(file)) continue;
            if (!OperatingSystem.IsLinux() || access!.Fault(file) is not { } fault) return (file, null);
            if (refused.Path is null) refused = (file, $"{fault.What}: {fault.Remedy}");
        }

        return refused;
    }

    /// <summary>As <see cref="Find(string)"/>.</summary>
    /// <exception cref="FileNotFoundException">No program may be started; the message says why.</exception>
    public static string Need(string name) => Find(name) switch
    {
        ({ } found, null) => found,
        ({ } found, { } fault) => throw new FileNotFoundException($"{found} is not started: {fault}", found),
        _ => throw new FileNotFoundException($"{name} is not in any folder of PATH", name),
    };
}
