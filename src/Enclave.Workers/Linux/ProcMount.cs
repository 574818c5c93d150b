using System.Globalization;

namespace Enclave.Linux;

/// <summary>Which processes /proc shows to this one (proc(5), <c>hidepid</c>).</summary>
/// <remarks>
/// With <c>hidepid</c>, as systemd's <c>ProtectProc=</c> sets it, /proc hides the processes that this one may not trace. A locked worker is such a process:
/// it is not dumpable. Files that were opened before the lock stay readable. So the host opens the files that it needs as soon as a worker exists.
/// </remarks>
internal static class ProcMount
{
    /// <summary>Why a layer cannot be verified.</summary>
    public const string Hidden = "cannot be verified: /proc hides the worker from this host (hidepid)";

    /// <summary>How to let the host see its workers.</summary>
    public const string Remedy =
        "set ProtectProc=default in the host's systemd unit, or mount its /proc without hidepid or with gid= of a group of the host, or give it CAP_SYS_PTRACE";

    // linux/capability.h.
    private const int SysPtrace = 19;

    private static readonly Lazy<string?> s_hides = new(() =>
        Find(ProcFile.Text("/proc/self/mountinfo") ?? "", ProcFile.Status("/proc/self/status")));

    /// <summary>The value of <c>hidepid</c> if /proc hides processes from this one; otherwise null.</summary>
    public static string? Hides => s_hides.Value;

    /// <param name="mounts">The text of /proc/self/mountinfo.</param>
    /// <param name="status">The lines of /proc/self/status.</param>
    internal static string? Find(string mounts, IReadOnlyDictionary<string, string> status)
    {
        // "21 26 0:20 / /proc rw,relatime - proc proc rw,hidepid=invisible,gid=27". The last mount covers earlier ones.
        string? mount = mounts.Split('\n').LastOrDefault((line) => line.Split(' ') is { Length: > 4 } words && words[4] == "/proc");
        string[] options = mount?.Split(' ')[^1].Split(',') ?? [];
        string? Option(string name) => options.FirstOrDefault((option) => option.StartsWith(name, StringComparison.Ordinal))?[name.Length..];
        // Kernels before 5.8 write the numbers.
        if (Option("hidepid=") is not { } hides || hides is "off" or "0") return null;
        ulong capabilities = ulong.Parse(status.GetValueOrDefault("CapEff", "0"), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        if ((capabilities >> SysPtrace & 1) != 0) return null;
        bool heedsGroup = hides is not ("ptraceable" or "4");
        string[] groups = [.. status.GetValueOrDefault("Gid", "").Split('\t').Skip(1).Take(1), .. status.GetValueOrDefault("Groups", "").Split(' ')];
        return heedsGroup && groups.Contains(Option("gid=") ?? "0") ? null : hides;
    }
}
