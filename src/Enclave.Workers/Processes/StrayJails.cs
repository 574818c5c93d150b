using System.Globalization;
using System.Runtime.Versioning;
using Enclave.Linux;

namespace Enclave.Processes;

/// <summary>
/// Ends processes inside a jail whose bubblewrap was killed from outside. A jail dies with its bubblewrap, except in one moment: killed within the
/// fraction of a millisecond between creating its child and releasing it, bubblewrap leaves a child that waits forever. The host ends the children of its
/// own dead jails and of dead hosts.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class StrayJails
{
    /// <summary>Ends them all. Returns their number.</summary>
    public static int Remove()
    {
        int removed = 0;
        try
        {
            foreach (string folder in Directory.EnumerateDirectories("/proc"))
            {
                if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && IsStray(pid) && End(pid)) removed++;
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // A machine that hides its processes also hides these.
        }

        return removed;
    }

    /// <summary>
    /// True for the first process of a pid namespace that was made in ours, by this host or a dead one, of this user or a worker's, and that was adopted by
    /// another process than the bubblewrap that made it.
    /// </summary>
    private static bool IsStray(int pid)
    {
        string[] words = (ProcFile.Text($"/proc/{pid}/cmdline") ?? "").Split('\0');
        int snapshot = Array.IndexOf(words, "./snapshot.bin");
        if (snapshot < 0 || snapshot + 1 >= words.Length || !int.TryParse(words[snapshot + 1], NumberStyles.None, CultureInfo.InvariantCulture, out int host))
            return false;
        if (host != Environment.ProcessId && ProcFile.Exists(host)) return false;
        Dictionary<string, string> status = ProcFile.Status($"/proc/{pid}/status");
        string ids = string.Create(CultureInfo.InvariantCulture, $"{pid}\t1");
        return status.GetValueOrDefault("NSpid") == ids && IsOurs(status.GetValueOrDefault("Uid")) && IsOrphan(status.GetValueOrDefault("PPid"));
    }

    private static bool IsOurs(string? users)
    {
        uint own = Libc.geteuid();
        return users is not null && users.Split('\t')
            .Any((text) => uint.TryParse(text, out uint user) && (user == own || (own == 0 && user - WorkerUser.First < WorkerUser.Count)));
    }

    /// <remarks>
    /// Process 1 adopts orphans. It is not the bubblewrap of a host, and /proc may hide it. Another process whose name may not be read may be the jail's
    /// bubblewrap, so its child is left alone.
    /// </remarks>
    private static bool IsOrphan(string? parent) =>
        parent == "1" || (parent is not null && ProcFile.Text($"/proc/{parent}/comm") is { } name && name != "bwrap\n");

    private static bool End(int pid)
    {
        var process = (int)Libc.syscall(Libc.SysPidFdOpen, pid, 0, 0, 0, 0);
        if (process < 0) return false;
        // Checked again, now that the pidfd prevents a reuse of the number.
        bool ended = IsStray(pid) && Libc.syscall(Libc.SysPidFdSendSignal, process, Libc.SignalKill, 0, 0, 0) == 0;
        _ = Libc.close(process);
        return ended;
    }
}
