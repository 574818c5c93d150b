using System.Diagnostics;
using Enclave.Isolation;

namespace Enclave.Cli.Processes;

/// <summary>
/// The environment of every process that the command line starts: what programs need to find their files and to write text and times as the user wants them.
/// Everything else may be a secret of this process.
/// </summary>
internal static class ChildEnvironment
{
    /// <summary>The variables that every process gets.</summary>
    public static IReadOnlyList<string> Usual { get; } = ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR"];

    /// <summary>Returns the path of a program of the system that only trusted users may replace.</summary>
    /// <exception cref="FileNotFoundException">There is none that may be started; the message says why.</exception>
    public static string Program(string name) => SystemPrograms.Need(name);

    /// <summary>Takes away every variable but the usual ones and those that are named.</summary>
    public static void Limit(ProcessStartInfo start, IEnumerable<string> named)
    {
        HashSet<string> kept = [.. Usual, .. named];
        foreach (string variable in start.Environment.Keys.Where((variable) => !kept.Contains(variable)).ToArray()) start.Environment.Remove(variable);
    }
}
