using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Enclave.Tests;

/// <summary>
/// Processes that /proc hides from an ordinary user (hidepid): a worker that is locked and is not in a user namespace. Calls of the kernel still tell whether
/// one exists and what its session is. A nursery leads a session, in which its workers stay.
/// </summary>
internal static partial class HiddenProcesses
{
    private const int NotPermitted = 1;

    /// <summary>The sessions that were seen below a process, so that they are found after its end.</summary>
    private static readonly ConcurrentDictionary<int, HashSet<int>> s_sessions = [];

    /// <summary>True if the process exists, also as a zombie, and whether or not /proc shows it.</summary>
    public static bool Exists(int pid) => pid > 0 && (kill(pid, 0) == 0 || Marshal.GetLastPInvokeError() == NotPermitted);

    public static bool IsHidden(int pid) => Exists(pid) && !Directory.Exists($"/proc/{pid}");

    /// <summary>True if it is hidden, and of this process's user.</summary>
    public static bool IsOwn(int pid) => IsHidden(pid) && kill(pid, 0) == 0;

    /// <summary>The process that leads its session; 0 if it is gone.</summary>
    public static int LeaderOf(int pid) => Math.Max(0, getsid(pid));

    /// <summary>The processes that a process leads, without itself.</summary>
    public static int[] LedBy(int leader)
    {
        int most = int.Parse(File.ReadAllText("/proc/sys/kernel/pid_max"), CultureInfo.InvariantCulture);
        return [.. Enumerable.Range(1, most - 1).Where((pid) => pid != leader && LeaderOf(pid) == leader)];
    }

    /// <summary>Remembers the hidden ones among the children of a process.</summary>
    public static void Remember(int parent, IEnumerable<int> children)
    {
        HashSet<int> sessions = s_sessions.GetOrAdd(parent, (_) => []);
        lock (sessions) sessions.UnionWith(children.Where(IsHidden));
    }

    /// <summary>Hidden processes in sessions that children of this host lead, or led when they were last looked at.</summary>
    public static int[] Below(int host)
    {
        Remember(host, ProcessTable.Children(host));
        HashSet<int> sessions = s_sessions[host];
        lock (sessions) return [.. sessions.Concat(sessions.SelectMany(LedBy)).Where(IsOwn)];
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);

    [LibraryImport("libc")]
    private static partial int getsid(int pid);
}
