using System.Runtime.InteropServices;
using Enclave.Cli.Commands;

namespace Enclave.Cluster.Children;

/// <summary>Sends signals to processes, and finds their children.</summary>
internal static partial class Signals
{
    public const int Interrupt = 2, Kill = 9, Terminate = 15, Continue = 18, Stop = 19;

    /// <summary>Sends a signal. Returns false if there is no such process.</summary>
    public static bool Send(int pid, int signal) => kill(pid, signal) == 0;

    /// <summary>The process and all its present descendants.</summary>
    public static List<int> Tree(int pid)
    {
        List<int> found = [pid];
        for (int i = 0; i < found.Count; i++) found.AddRange(Children(found[i]));
        return found;
    }

    /// <summary>True if none of its threads runs. A signal takes effect when a thread is next scheduled.</summary>
    public static bool StandsStill(int pid)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{pid}/task").All((task) =>
            {
                string stat = File.ReadAllText(Path.Combine(task, "stat"));
                // The name before it may contain anything.
                return stat[stat.LastIndexOf(')') + 2] is 'T' or 't' or 'Z' or 'X';
            });
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return !Directory.Exists($"/proc/{pid}");
        }
    }

    private static List<int> Children(int pid)
    {
        var children = new List<int>();
        try
        {
            foreach (string task in Directory.GetDirectories($"/proc/{pid}/task"))
            {
                string text = File.ReadAllText(Path.Combine(task, "children"));
                children.AddRange(text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse));
            }
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // The process ended meanwhile.
        }

        return children;
    }

    [LibraryImport("libc")]
    private static partial int kill(int pid, int signal);
}
