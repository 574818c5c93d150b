using Enclave.Linux;

namespace Enclave.Isolation;

/// <summary>
/// Programs of the system that are started by name. The search path may name a folder in which anybody puts a program of that name, and the current folder is
/// none of it.
/// </summary>
public static class SystemPrograms
{
    private const string UsualPath = "/usr/bin:/bin";

    /// <summary>
    /// The first of this name in the search path that only trusted users may write or replace, and the reason when the only ones are others'.
    /// </summary>
    public static (string? Path, string? Fault) Find(string name) =>
        // One that is named by its place is looked at there.
        Find(name, name.StartsWith('/') ? "/" : Environment.GetEnvironmentVariable("PATH") is { Length: > 0 } path ? path : UsualPath);

    /// <inheritdoc cref="Find(string)"/>
    /// <param name="name">The program.</param>
    /// <param name="search">Folders between colons. Those that are not absolute are left out.</param>
    public static (string? Path, string? Fault) Find(string name, string search)
    {
        var access = new WriteAccess();
        (string? Path, string? Fault) refused = default;
        foreach (string folder in search.Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            string file = Path.Combine(folder, name);
            if (!folder.StartsWith('/') || !File.Exists(file)) continue;
            if (access.Fault(file) is not { } fault) return (file, null);
            if (refused.Path is null) refused = (file, $"{fault.What}: {fault.Remedy}");
        }

        return refused;
    }

    /// <summary>As <see cref="Find(string)"/>.</summary>
    /// <exception cref="FileNotFoundException">There is none that may be started; the message says why.</exception>
    public static string Need(string name) => Find(name) switch
    {
        ({ } found, null) => found,
        ({ } found, { } fault) => throw new FileNotFoundException($"{found} is not started: {fault}", found),
        _ => throw new FileNotFoundException($"{name} is not in any folder of PATH", name),
    };
}
