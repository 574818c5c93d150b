using System.Globalization;
using System.Runtime.Versioning;
using Enclave.Isolation.Cgroups;
using Enclave.Linux;
using Enclave.Processes;

namespace Enclave.Isolation;

/// <summary>The support for isolation by this machine and by this process's rights. Examined once per process.</summary>
internal sealed record Machine
{
    // linux/capability.h.
    private const int Kill = 5, SetGid = 6, SetUid = 7, SysAdmin = 21;

    /// <summary>The first pid namespace has this number in every kernel (PROC_PID_INIT_INO of include/linux/proc_ns.h).</summary>
    private const string InitialPidNamespace = "pid:[4026531836]";

    /// <summary>If a worker can become its own user and Landlock protects its files, that is the better form.</summary>
    private const string StaysRoot = "without CAP_SYS_ADMIN bubblewrap makes a user namespace, in which the worker would stay root outside";

    /// <summary>The delay of the sweep. A sweep reads every process of the machine, so it must not run while the first workers start.</summary>
    private static readonly TimeSpan s_sweepAfter = TimeSpan.FromSeconds(1);

    private static Timer? s_sweep;

    [SupportedOSPlatform("linux")]
    private static readonly Lazy<Machine> s_this = new(Inspect);

    /// <summary>The machine of this process.</summary>
    [SupportedOSPlatform("linux")]
    public static Machine This => s_this.Value;

    /// <summary>For workers that are not processes: requires nothing of the operating system.</summary>
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

    /// <summary>For the workers of the portable engine: requires nothing of the operating system.</summary>
    public static Machine Portable { get; } = Nothing with { BubblewrapFault = "the portable engine has no jail" };

    internal bool IsPortable => ReferenceEquals(this, Portable);

    /// <summary>True if this process is root and may make namespaces, so that they need no user namespace.</summary>
    public required bool IsRoot { get; init; }

    /// <summary>True if its user is root, with or without root's capabilities.</summary>
    public required bool HasRootUser { get; init; }

    /// <summary>True if it may change a worker's user and still end the worker.</summary>
    public required bool CanChangeUser { get; init; }

    /// <summary>True if its pid namespace is not the machine's.</summary>
    public required bool InContainer { get; init; }

    /// <summary>The path of bubblewrap; null if it is not installed.</summary>
    public required string? Bubblewrap { get; init; }

    /// <summary>Why bubblewrap cannot make a jail here; null if it can.</summary>
    public required string? BubblewrapFault { get; init; }

    /// <summary>The kernel's version of Landlock; 0 for none.</summary>
    public required int LandlockAbi { get; init; }

    /// <summary>True if the kernel filters system calls and can end a process for one.</summary>
    public required bool HasSeccomp { get; init; }

    /// <summary>The control groups of this process.</summary>
    public required ControlGroupTree ControlGroups { get; init; }

    [SupportedOSPlatform("linux")]
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
        // Once per process, before it creates its first group. A container's /proc does not show the processes of other groups.
        if (!container) ControlGroup.RemoveStale(groups);
        s_sweep = new Timer(static (_) => StrayJails.Remove(), null, s_sweepAfter, Timeout.InfiniteTimeSpan);
        return new Machine
        {
            IsRoot = root && Has(SysAdmin),
            HasRootUser = root,
            CanChangeUser = changesUser,
            InContainer = container,
            Bubblewrap = bubblewrap,
            BubblewrapFault = bubblewrap is null
                ? "bubblewrap is not installed"
                : writers ?? (root && !Has(SysAdmin) && changesUser && landlock > 0 ? StaysRoot : BubblewrapJail.Try(bubblewrap, root && Has(SysAdmin))),
            LandlockAbi = landlock,
            HasSeccomp = status.ContainsKey("Seccomp") && ProcFile.Text("/proc/sys/kernel/seccomp/actions_avail")
                ?.Contains("kill_process", StringComparison.Ordinal) != false,
            ControlGroups = groups,
        };
    }
}
