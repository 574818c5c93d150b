using System.Globalization;
using Enclave.Isolation.Cgroups;
using Enclave.Linux;
using Enclave.Processes;

namespace Enclave.Isolation;

/// <summary>What this machine, and this process's rights on it, offer for isolation. Inspected once per process.</summary>
public sealed record Machine
{
    // linux/capability.h.
    private const int Kill = 5, SetGid = 6, SetUid = 7, SysAdmin = 21;

    /// <summary>The first pid namespace has this number in every kernel (PROC_PID_INIT_INO of include/linux/proc_ns.h).</summary>
    private const string InitialPidNamespace = "pid:[4026531836]";

    /// <summary>Where a worker can become a user of its own and Landlock holds its files, that is worth more.</summary>
    private const string StaysRoot = "without CAP_SYS_ADMIN bubblewrap makes a user namespace, in which the worker would stay root outside";

    /// <summary>It looks at every process there is: not while the first workers start.</summary>
    private static readonly TimeSpan s_sweepAfter = TimeSpan.FromSeconds(1);

    private static Timer? s_sweep;

    private static readonly Lazy<Machine> s_this = new(Inspect);

    /// <summary>The machine of this process.</summary>
    public static Machine This => s_this.Value;

    /// <summary>For workers that are no processes: nothing is asked of the operating system, whichever it is.</summary>
    public static Machine Nothing { get; } = new()
    {
        IsRoot = false,
        HasRootUser = false,
        CanChangeUser = false,
        InContainer = false,
        Bubblewrap = null,
        BubblewrapFault = "there is no process to isolate",
        LandlockAbi = 0,
        HasSeccomp = false,
        ControlGroups = ControlGroupTree.Read("", "", ""),
    };

    /// <summary>True if this process is root and may make namespaces, so that they need no user namespace.</summary>
    public required bool IsRoot { get; init; }

    /// <summary>True if its user is root, whatever that root may do.</summary>
    public required bool HasRootUser { get; init; }

    /// <summary>True if it may give a worker another user, and still end it.</summary>
    public required bool CanChangeUser { get; init; }

    /// <summary>True if it lives in a pid namespace that is not the machine's.</summary>
    public required bool InContainer { get; init; }

    /// <summary>Where bubblewrap is; null when it is not installed.</summary>
    public required string? Bubblewrap { get; init; }

    /// <summary>Why bubblewrap cannot make a jail here; null when it can.</summary>
    public required string? BubblewrapFault { get; init; }

    /// <summary>The kernel's version of Landlock, 0 for none.</summary>
    public required int LandlockAbi { get; init; }

    /// <summary>True if the kernel filters system calls and may end a process for one.</summary>
    public required bool HasSeccomp { get; init; }

    /// <summary>The control groups of this process.</summary>
    public required ControlGroupTree ControlGroups { get; init; }

    private static Machine Inspect()
    {
        Dictionary<string, string> status = ProcFile.Status("/proc/self/status");
        bool root = Environment.IsPrivilegedProcess;
        ulong capabilities = ulong.Parse(status.GetValueOrDefault("CapEff", "0"), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        bool Has(int capability) => (capabilities >> capability & 1) != 0;
        bool changesUser = root && Has(SetUid) && Has(SetGid) && Has(Kill) && IdMap.OfThisProcess().Covers(WorkerUser.First, WorkerUser.Count);
        bool container = ProcFile.Link("/proc/self/ns/pid") is { } own && own != InitialPidNamespace;
        (string? bubblewrap, string? writers) = SystemPrograms.Find(BubblewrapJail.Program);
        int landlock = Landlock.KernelVersion();
        var groups = ControlGroupTree.OfThisProcess();
        // Once per process, before it makes the first of its own. A container's /proc does not show whose the others are.
        if (!container) ControlGroup.RemoveStale(groups);
        s_sweep = new Timer(static (_) => StrayJails.Remove(), null, s_sweepAfter, Timeout.InfiniteTimeSpan);
        return new Machine
        {
            IsRoot = root && Has(SysAdmin),
            HasRootUser = root,
            CanChangeUser = changesUser,
            InContainer = container,
            Bubblewrap = bubblewrap,
            BubblewrapFault = bubblewrap is null ? "bubblewrap is not installed" : writers ?? (root && !Has(SysAdmin) && changesUser && landlock > 0 ? StaysRoot : BubblewrapJail.Try(bubblewrap, root && Has(SysAdmin))),
            LandlockAbi = landlock,
            HasSeccomp = status.ContainsKey("Seccomp") && ProcFile.Text("/proc/sys/kernel/seccomp/actions_avail")?.Contains("kill_process", StringComparison.Ordinal) != false,
            ControlGroups = groups,
        };
    }
}
