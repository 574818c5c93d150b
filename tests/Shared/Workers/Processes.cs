using System.Runtime.InteropServices;

namespace Enclave.Tests;

/// <summary>What the operating system says of processes.</summary>
internal static partial class Processes
{
    public const int Kill = 9, Stop = 19;

    /// <summary>Whether there is such a process, dead ones that nobody reaped included.</summary>
    public static bool Exists(int pid) => Directory.Exists($"/proc/{pid}");

    public static bool IsZombie(int pid) => State(pid) == 'Z';

    public static bool IsStopped(int pid) => State(pid) == 'T';

    public static void Signal(int pid, int signal) => _ = kill(pid, signal);

    public static Task Gone(int pid, string whose) => Within.Becomes(() => !Exists(pid), $"{whose} (pid {pid}) was gone and reaped");

    /// <summary>Children of a process, of all its threads.</summary>
    public static int[] Children(int pid)
    {
        var all = new List<int>();
        foreach (string task in Directory.EnumerateDirectories($"/proc/{pid}/task"))
        {
            try
            {
                all.AddRange(File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse));
            }
            catch (IOException)
            {
                // The thread ended meanwhile; its children moved to another, which the next look sees.
            }
        }

        return [.. all];
    }

    public static int OpenDescriptors() => Directory.EnumerateFileSystemEntries("/proc/self/fd").Count();

    private static char State(int pid)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[stat.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return ' ';
        }
    }

    [LibraryImport("libc")]
    private static partial int kill(int pid, int signal);
}
