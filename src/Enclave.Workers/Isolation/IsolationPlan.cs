using Enclave.Isolation.Seccomp;
using Enclave.Processes;

namespace Enclave.Isolation;

/// <summary>The isolation of every worker of a pool, decided once from the level's table and the machine's abilities.</summary>
internal sealed record IsolationPlan(
    SecurityLevel Level, JailForm Form, IReadOnlyList<LayerPlan> Layers, IReadOnlyCollection<IsolationLayer> Accepted, Machine Machine)
{
    /// <summary>The filter's reaction to a refused call. Trapping only serves to learn which calls a worker makes.</summary>
    public SeccompRefusal Refusal { get; init; } = SeccompRefusal.Kill;

    /// <summary>The table of system calls.</summary>
    public IReadOnlyList<SeccompRule> Calls { get; init; } = SeccompTable.Rules;

    /// <summary>Mandatory layers that are missing and whose absence is not accepted.</summary>
    public IReadOnlyList<LayerPlan> Missing => [.. Layers.Where((layer) => layer.IsMissing && !Accepted.Contains(layer.Layer))];

    /// <summary>Mandatory layers that are missing with the operator's permission.</summary>
    public IReadOnlyList<LayerPlan> Degraded => [.. Layers.Where((layer) => layer.IsMissing && Accepted.Contains(layer.Layer))];

    /// <summary>True for workers of the portable engine.</summary>
    public bool IsPortable => Machine.IsPortable;

    public LayerPlan this[IsolationLayer layer] => Layers[(int)layer];

    public bool Applies(IsolationLayer layer) => this[layer].Applies;

    /// <summary>True if each worker becomes its own user. In a user namespace made by bubblewrap there is no other user.</summary>
    public bool ChangesUser => Applies(IsolationLayer.DroppedUser) && OwnUser(Machine, Form);

    /// <param name="level">The level.</param>
    /// <param name="machine">The abilities of this machine.</param>
    /// <param name="accepted">Layers whose absence the operator accepted.</param>
    /// <param name="writers">An untrusted user who may write the engine's files, with the remedy; null if there is none.</param>
    public static IsolationPlan For(
        SecurityLevel level, Machine machine, IReadOnlyCollection<IsolationLayer> accepted, (string What, string Remedy)? writers = null)
    {
        // The choice of the portable engine accepts its missing layers at STANDARD and PERMISSIVE. No option makes it good enough for higher levels.
        if (machine.IsPortable) accepted = level is SecurityLevel.Standard or SecurityLevel.Permissive ? [.. IsolationTable.Layers] : [];
        JailForm form = ChooseForm(level, machine);
        List<LayerPlan> layers = [];
        foreach (IsolationLayer layer in IsolationTable.Layers) layers.Add(PlanLayer(level, layer, machine, form));
        var plan = new IsolationPlan(level, form, layers, accepted, machine);
        if (writers is not { } others) return plan;
        LayerPlan open = plan[IsolationLayer.ProtectedFiles] with { Possible = false, Detail = others.What, Remedy = others.Remedy };
        return plan with { Layers = [.. plan.Layers.Select((layer) => layer.Layer == open.Layer ? open : layer)] };
    }

    private static JailForm ChooseForm(SecurityLevel level, Machine machine)
    {
        if (IsolationTable.Requirement(level, IsolationLayer.FileSystem) == LayerRequirement.Off) return JailForm.None;
        if (machine.BubblewrapFault is null) return JailForm.Bubblewrap;
        return machine.LandlockAbi > 0 ? JailForm.Landlock : JailForm.None;
    }

    /// <summary>A layer as this machine offers it in this form.</summary>
    public static LayerPlan PlanLayer(SecurityLevel level, IsolationLayer layer, Machine machine, JailForm form)
    {
        (bool possible, string detail, string? remedy) = machine.IsPortable ? Portable(layer) : layer switch
        {
            IsolationLayer.Seccomp => Seccomp(machine),
            IsolationLayer.FileSystem => FileSystem(machine, form),
            IsolationLayer.Namespaces => Namespaces(machine, form),
            IsolationLayer.DroppedUser => User(machine, form),
            IsolationLayer.ControlGroup => (machine.ControlGroups.IsUsable, machine.ControlGroups.Detail, machine.ControlGroups.Remedy),
            IsolationLayer.OwnProcess => (true, "own process, killed through its pidfd; bounded frames on pipes", null),
            IsolationLayer.HardenedProcess =>
                (true, "empty environment, no inherited descriptor, no_new_privs, not dumpable, no core, dies with its host", null),
            IsolationLayer.ResourceLimits => (true, "data, address space, CPU, descriptors, file size, processes, locked memory, waiting signals", null),
            IsolationLayer.Jitless => (true, "V8 interprets", null),
            IsolationLayer.NoExecutableMemory => (true, "PR_SET_MDWE, and no PROT_EXEC in the system call filter", null),
            IsolationLayer.NoWebAssembly => (true, "no global, code generation refused", null),
            IsolationLayer.ProtectedFiles => (true, "nobody else may write the engine, the worker and its libraries, nor a folder above them", null),
            IsolationLayer.CoarseClock => (true, "Date in steps of 100 ms; no Atomics, WeakRef, FinalizationRegistry", null),
            _ => (true, "bound by its first job", (string?)null),
        };
        return new LayerPlan(layer, IsolationTable.Requirement(level, layer), possible, detail, possible ? null : remedy);
    }

    private static (bool Possible, string Detail, string? Remedy) Portable(IsolationLayer layer) => layer switch
    {
        IsolationLayer.OwnProcess => (true, "own process, killed by its handle; bounded frames on its standard streams; a new V8 runtime for each run", null),
        IsolationLayer.NoWebAssembly => (true, "no global", null),
        _ => (false, "the portable engine has none", "use the native engine, on Linux x64"),
    };

    private static (bool Possible, string Detail, string? Remedy) Seccomp(Machine machine) => machine.HasSeccomp
        ? (true, "allowlist for all threads, kills by default", null)
        : (false, "the kernel does not filter system calls", "use a kernel of 4.14 or newer with CONFIG_SECCOMP_FILTER");

    private static (bool Possible, string Detail, string? Remedy) FileSystem(Machine machine, JailForm form) => form switch
    {
        JailForm.Bubblewrap =>
            (true, machine.LandlockAbi > 0 ? $"a root of read-only binds, and Landlock {machine.LandlockAbi} in it" : "a root of read-only binds", null),
        JailForm.Landlock => (true, $"Landlock {machine.LandlockAbi} ({Landlock.Scope(machine.LandlockAbi)})", null),
        _ => (false, $"{machine.BubblewrapFault}, and the kernel has no Landlock", Install(machine)),
    };

    private static (bool Possible, string Detail, string? Remedy) Namespaces(Machine machine, JailForm form)
    {
        if (form == JailForm.Bubblewrap) return (true, machine.IsRoot ? "net, pid, mount, ipc, uts, cgroup" : "user, net, pid, mount, ipc, uts, cgroup", null);
        // A container that refuses namespaces has its own. Processes outside of containers do not.
        if (form == JailForm.Landlock && machine.InContainer && machine.Bubblewrap is not null && machine.HasSeccomp)
            return (true, "the container's own; sockets are refused by the filter", null);
        return (false, machine.BubblewrapFault ?? "bubblewrap makes no jail here", Install(machine));
    }

    private static (bool Possible, string Detail, string? Remedy) User(Machine machine, JailForm form)
    {
        if (OwnUser(machine, form)) return (true, "a user id of its own, no groups, no capabilities", null);
        if (form == JailForm.Bubblewrap && !machine.HasRootUser) return (true, "a user namespace of its own, without capabilities", null);
        return machine.HasRootUser
            ? (false, "this root may not give a worker another user", $"give it CAP_SETUID, CAP_SETGID, CAP_KILL and the ids {WorkerUser.First} to " +
            $"{WorkerUser.First + WorkerUser.Count - 1}; or run the host as an ordinary user that may make user namespaces")
            : (false, "this process may not change a worker's user", "run the host as root, or install bubblewrap and allow user namespaces");
    }

    private static bool OwnUser(Machine machine, JailForm form) => machine.CanChangeUser && (machine.IsRoot || form != JailForm.Bubblewrap);

    private static string Install(Machine machine) => machine.Bubblewrap is null
        ? "apt-get install -y bubblewrap"
        : machine.HasRootUser && !machine.IsRoot ? "give the host CAP_SYS_ADMIN, or run it as an ordinary user that may make user namespaces"
        : "allow user namespaces (sysctl -w user.max_user_namespaces=15000; kernel.unprivileged_userns_clone=1; " +
        "kernel.apparmor_restrict_unprivileged_userns=0), or run the host as root";
}
