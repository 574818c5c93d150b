using System.Runtime.Versioning;
using Enclave.Isolation.Cgroups;
using Enclave.Isolation.Seccomp;
using Enclave.Processes;
using Enclave.Protocol.Messages;

namespace Enclave.Isolation;

/// <summary>The machine's resources of one worker: a user id and a control group; and its lock.</summary>
internal sealed class Confinement : IConfinement, IDisposable
{
    /// <summary>CPU share of a worker that starts in the background. It uses idle CPU time, and still finishes if there is none.</summary>
    private const int AsidePercent = 20;

    /// <summary>The same weight as the host: if a worker had to wait for its turn, every job after a pause would be late.</summary>
    private const int FullPercent = 100;

    /// <summary>A container may have given the host's process filters, which its children inherit.</summary>
    private static readonly Lazy<int> s_ownFilters = new(() => new WorkerInspection(Environment.ProcessId, "/proc/self/ns").Filters);

    private readonly IsolationPlan _plan;
    private readonly WorkerBudget _budget;
    private readonly WorkerUser? _user;
    private readonly Lock _gate = new();
    private ControlGroup? _group;
    private LentGroup? _lent;
    private bool _outOfMemory;
    private bool _disposed;

    private Confinement(IsolationPlan plan, WorkerBudget budget, IReadOnlySet<string> files, WorkerUser? user) =>
        (_plan, _budget, Files, _user) = (plan, budget, files, user);

    public IsolationPlan Plan => _plan;

    /// <summary>The expected files in the root of its jail.</summary>
    public IReadOnlySet<string> Files { get; }

    /// <summary>Its own user; null if it keeps the host's.</summary>
    public int? User => _user?.Id;

    /// <summary>The addresses of the worker's machine code, as reported by its nursery; null if V8 makes none.</summary>
    public CodeRange? Code { get; set; }

    /// <summary>The number of filters that the worker inherits: from the host, or from its nursery, which has one of its own. Null if it is unknown.</summary>
    public int? FiltersBefore { get; set; } = s_ownFilters.Value;

    /// <summary>The hash of its system call filter, for the report.</summary>
    public string FilterHash { get; private set; } = "";

    /// <summary>True if it entered its own group; otherwise the reason.</summary>
    public (bool Entered, string Detail) Group { get; private set; }

    /// <param name="files">The expected files in the root of its jail.</param>
    [SupportedOSPlatform("linux")]
    public static Confinement Take(IsolationPlan plan, WorkerBudget budget, IReadOnlySet<string> files) =>
        new(plan, budget, files, plan.ChangesUser ? WorkerUser.TryTake() : null);

    /// <summary>Creates the confinement of a nursery. It keeps the host's user, so that each cell can become its own.</summary>
    /// <param name="files">The expected files in the root of its jail.</param>
    public static Confinement TakeForNursery(IsolationPlan plan, WorkerBudget budget, IReadOnlySet<string> files) => new(plan, budget, files, user: null);

    /// <summary>Returns the lock of a worker: the rights that it gives up.</summary>
    /// <param name="ownProcess">The worker's id in its own namespace.</param>
    public WorkerLock Lock(int ownProcess) => Lock(ProcessRole.Cell, ownProcess);

    /// <summary>Returns the lock of a nursery: the rights that it gives up for itself and for its cells.</summary>
    public WorkerLock LockNursery() => Lock(ProcessRole.Nursery, 0);

    /// <summary>Takes the group in which the worker was born, and which is lent to it.</summary>
    public void Borrow(LentGroup lent)
    {
        lock (_gate)
        {
            (_lent, _group) = (lent, lent.Group);
            Group = (true, _group.Name);
            // The group may still have the CPU share of a worker that starts in the background, because its last worker ended during its start.
            if (lent.IsAside) Weigh_NeedsLock(StartPace.AtOnce);
        }
    }

    private WorkerLock Lock(ProcessRole role, int ownProcess)
    {
        LockLayers layers = LockLayers.None;
        if (_plan.Applies(IsolationLayer.ResourceLimits)) layers |= LockLayers.Limits;
        if (_user is not null) layers |= LockLayers.User;
        if (_plan.Applies(IsolationLayer.Seccomp)) layers |= LockLayers.Seccomp;
        if (_plan.Applies(IsolationLayer.NoExecutableMemory)) layers |= LockLayers.NoExec;
        if (_plan.Refusal == SeccompRefusal.Trap) layers |= LockLayers.Learning;
        CodeMemory memory = _plan.Applies(IsolationLayer.NoExecutableMemory) ? CodeMemory.Frozen : CodeMemory.Growing;
        byte[] filter = (layers & LockLayers.Seccomp) == 0 ? [] : SeccompFilter.Compile(_plan.Calls, memory, _plan.Refusal, role, ownProcess, Code);
        FilterHash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(filter));
        return new WorkerLock(layers, User ?? 0, _budget.DataBytes, _budget.CpuSeconds, filter);
    }

    /// <summary>The priority with which the worker starts.</summary>
    public StartPace Pace { get; private set; }

    /// <summary>Gives the worker a low priority until it is warm. Call it before it enters its group.</summary>
    public void StartAside()
    {
        lock (_gate)
        {
            Pace = StartPace.Aside;
            if (_lent is not null) Weigh_NeedsLock(Pace);
        }
    }

    /// <summary>Raises the priority again when a job waits for the worker.</summary>
    public void Hasten()
    {
        lock (_gate)
        {
            if (_disposed || Pace == StartPace.AtOnce) return;
            Pace = StartPace.AtOnce;
            if (Group.Entered) Weigh_NeedsLock(Pace);
        }
    }

    private bool Weigh_NeedsLock(StartPace pace)
    {
        _lent?.IsAside = pace == StartPace.Aside;
        return _group!.Weigh(pace == StartPace.Aside ? AsidePercent : FullPercent);
    }

    /// <summary>
    /// Moves the worker into its own group, once, as soon as its id is known: the kernel takes its time, and the worker continues to start meanwhile.
    /// </summary>
    /// <param name="pid">The worker's id on this machine.</param>
    public void EnterGroup(int pid)
    {
        if (!_plan.Applies(IsolationLayer.ControlGroup)) return;
        lock (_gate)
        {
            if (_disposed || Group != default) return;
            _group = ControlGroup.TryMake(_plan.Machine.ControlGroups, out string fault);
            bool entered = _group?.Enter(pid) == true;
            if (entered && Pace == StartPace.Aside) Weigh_NeedsLock(Pace);
            Group = (entered, entered ? _group!.Name : fault.Length > 0 ? fault : "the worker could not be moved");
        }
    }

    /// <summary>Moves the worker into the group if its creator entered the group too late for it.</summary>
    [SupportedOSPlatform("linux")]
    public void Follow(ChildProcess process)
    {
        lock (_gate)
        {
            if (_disposed || !Group.Entered || _lent is not null || WorkerInspection.IsInGroup(process.ReadProc("cgroup"), _group!.Name) != false) return;
            if (!_group.Enter(process.Pid)) Group = (false, "the worker could not be moved");
        }
    }

    /// <summary>Sets the limits of the warm worker's group.</summary>
    /// <param name="threads">The number of its threads; it creates no more.</param>
    public void LimitGroup(int threads) => LimitGroup(_budget.GroupBytes, threads + (_lent is null ? 0 : LentGroup.OtherProcesses));

    /// <summary>Sets the limits of a nursery's group.</summary>
    /// <param name="processes">The most processes that it may have.</param>
    public void LimitNurseryGroup(int processes) => LimitGroup(_budget.NurseryBytes, processes);

    private void LimitGroup(long bytes, int tasks)
    {
        lock (_gate)
        {
            if (_disposed || !Group.Entered) return;
            // A lent group keeps the limits of its first worker, because each worker begins with the same memory.
            bool ok = _lent is { IsLimited: true }
                ? !_lent.IsAside || Weigh_NeedsLock(StartPace.AtOnce) : _group!.Limit(new ControlGroupLimits(bytes, tasks, FullPercent));
            if (_lent is not null) (_lent.IsLimited, _lent.IsAside) = (ok, false);
            if (!ok) Group = (false, "a limit was refused");
        }
    }

    /// <summary>True if the kernel killed the worker because its group was out of memory. Still known when the group is gone.</summary>
    public bool WasOutOfMemory
    {
        get
        {
            lock (_gate) return _disposed ? _outOfMemory : _group?.OutOfMemoryKills > 0;
        }
    }

    /// <summary>Releases the user and the group. The worker must have been reaped.</summary>
    [SupportedOSPlatform("linux")]
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            _outOfMemory = _group?.OutOfMemoryKills > 0;
            if (_lent is not null) _lent.Return(_outOfMemory);
            else _group?.Dispose();
            _user?.Dispose();
        }
    }
}
