using System.Globalization;
using System.Runtime.InteropServices;

namespace Enclave.Tests;

/// <summary>Reads information about processes from the operating system.</summary>
internal static partial class ProcessTable
{
    public const int Kill = 9, Terminate = 15, Stop = 19;

    /// <summary>True if the process exists, also as a zombie, and whether or not /proc shows it.</summary>
    public static bool Exists(int pid) => HiddenProcesses.Exists(pid);

    /// <summary>True if the pid belongs to a worker, or to a zombie of this process. Pids are reused, so it may be another process now.</summary>
    public static bool IsWorker(int pid) => IsZombie(pid)
        ? Children(Environment.ProcessId).Contains(pid)
        : HiddenProcesses.IsOwn(pid) || Command(pid).Any((word) => word.EndsWith("libenclave-engine.so", StringComparison.Ordinal)
            || word.EndsWith("Enclave.Worker.Portable.dll", StringComparison.Ordinal)
            || word.EndsWith("Enclave.FakeWorker.dll", StringComparison.Ordinal));

    /// <summary>True if it exists and has not ended.</summary>
    public static bool Lives(int pid) => State(pid) is not ('Z' or ' ');

    public static bool IsZombie(int pid) => State(pid) == 'Z';

    /// <summary>True if it is stopped, and for a hidden process, whose state nobody shows: it stops when it gets the signal.</summary>
    public static bool IsStopped(int pid) => State(pid) is 'T' or '?';

    public static void Signal(int pid, int signal) => _ = kill(pid, signal);

    public static Task Gone(int pid, string whose) => Within.Becomes(() => !Exists(pid), $"{whose} (pid {pid}) was gone and reaped");

    /// <summary>Children of all threads of a process; of a hidden nursery all that are below it.</summary>
    public static int[] Children(int pid)
    {
        if (HiddenProcesses.IsHidden(pid)) return HiddenProcesses.LedBy(pid);
        var all = new List<int>();
        foreach (string task in Tasks(pid))
        {
            try
            {
                all.AddRange(File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse));
            }
            catch (IOException)
            {
                // The thread ended meanwhile; its children moved to another one, which the next look sees.
            }
        }

        HiddenProcesses.Remember(pid, all);
        return [.. all];
    }

    /// <summary>The id of its parent; of a hidden worker that of its nursery; 0 if it is gone.</summary>
    public static int Parent(int pid)
    {
        if (StatusOf(pid, "PPid:") is { } parent) return int.Parse(parent, CultureInfo.InvariantCulture);
        int leader = HiddenProcesses.LeaderOf(pid);
        return leader != pid ? leader : Children(Environment.ProcessId).Contains(pid) ? Environment.ProcessId : 0;
    }

    /// <summary>The nursery of a worker: its parent, or the parent of the branch that forked it.</summary>
    public static int NurseryOf(int worker)
    {
        int parent = Parent(worker), above = Parent(parent);
        return above != 0 && StatusOf(above, "Name:") == StatusOf(parent, "Name:") ? above : parent;
    }

    /// <summary>Its command line, split into arguments; empty if it is gone.</summary>
    public static string[] Command(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Split('\0')[..^1];
        }
        catch (IOException)
        {
            return [];
        }
    }

    /// <summary>
    /// The running processes that a host started for its workers, including bubblewrap's, even if another process
    /// has adopted them: each has the host's id in its command line.
    /// </summary>
    public static int[] WorkersOf(int host)
    {
        string id = host.ToString(CultureInfo.InvariantCulture);
        return [.. Directory.GetDirectories("/proc").Select((folder) => Path.GetFileName(folder)).Where((name) => char.IsAsciiDigit(name[0])).Select(int.Parse)
            .Where((pid) => !IsZombie(pid)
                && Command(pid) is { } words && words.Contains(id) && words.Any((word) => word.EndsWith("libenclave-engine.so", StringComparison.Ordinal)))
            .Concat(HiddenProcesses.Below(host))];
    }

    /// <summary>The descriptors of a process, except both ends of a pipe within itself.</summary>
    public static IEnumerable<int> DescriptorsThatLeadOut(IReadOnlyDictionary<int, string> open) =>
        open.Where((fd) => fd.Key <= 5 || !fd.Value.StartsWith("pipe:", StringComparison.Ordinal) || open.Count((other) => other.Value == fd.Value) != 2)
            .Select((fd) => fd.Key).Order();

    public static int OpenDescriptors() => Directory.EnumerateFileSystemEntries("/proc/self/fd").Count();

    /// <summary>The letter of its state, as in /proc/PID/stat: <c>T</c> means stopped; a space if it is gone, and <c>?</c> if it is hidden.</summary>
    public static char State(int pid) => State($"/proc/{pid}") is not ' ' and var state ? state : HiddenProcesses.IsHidden(pid) ? '?' : ' ';

    /// <summary>The state of each thread, as in /proc/PID/stat.</summary>
    public static char[] Threads(int pid) => [.. Tasks(pid).Select(State)];

    private static string[] Tasks(int pid)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{pid}/task");
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static string? StatusOf(int pid, string name)
    {
        try
        {
            return File.ReadLines($"/proc/{pid}/status").FirstOrDefault((line) => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Trim();
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static char State(string folder)
    {
        try
        {
            string stat = File.ReadAllText($"{folder}/stat");
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
