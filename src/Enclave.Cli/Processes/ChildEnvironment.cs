using System.Diagnostics;
using Enclave.Isolation;

namespace Enclave.Cli.Processes;

/// <summary>
/// The environment of every process that the command line starts: the variables that programs need to find files
/// and to format text and times. Everything else may be a secret.
/// </summary>
internal static class ChildEnvironment
{
    /// <summary>The variables that every process gets.</summary>
    public static IReadOnlyList<string> Usual { get; } = ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR"];

    /// <summary>Returns the path of a system program that only trusted users can replace.</summary>
    /// <exception cref="FileNotFoundException">There is no such program. The message says why.</exception>
    public static string Program(string name) => SystemPrograms.Need(name);

    /// <summary>Removes all variables except the usual and the named ones.</summary>
    public static void Limit(ProcessStartInfo start, IEnumerable<string> named)
    {
        HashSet<string> kept = [.. Usual, .. named];
        foreach (string variable in start.Environment.Keys.Where((variable) => !kept.Contains(variable)).ToArray()) start.Environment.Remove(variable);
    }
}
