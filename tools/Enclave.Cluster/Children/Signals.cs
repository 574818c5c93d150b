using System.Runtime.InteropServices;
using Enclave.Cli.Commands;

namespace Enclave.Cluster.Children;

/// <summary>Signals to processes, and who is below whom.</summary>
internal static partial class Signals
{
    public const int Interrupt = 2, Kill = 9, Terminate = 15, Continue = 18, Stop = 19;

    /// <summary>Sends one; false when there is no such process.</summary>
    public static bool Send(int pid, int signal) => kill(pid, signal) == 0;

    /// <summary>The process and all that it and its children started and that still stand below it.</summary>
    public static List<int> Tree(int pid)
    {
        List<int> found = [pid];
        for (int i = 0; i < found.Count; i++) found.AddRange(Children(found[i]));
        return found;
    }

    /// <summary>Whether no thread of it runs. A signal is sent at once, and seen when its thread is next on a processor.</summary>
    public static bool StandsStill(int pid)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{pid}/task").All((task) =>
            {
                string stat = File.ReadAllText(Path.Combine(task, "stat"));
                // The name before it may have anything in it.
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
            // It ended while it was looked at.
        }

        return children;
    }

    [LibraryImport("libc")]
    private static partial int kill(int pid, int signal);
}
