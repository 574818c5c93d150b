using Enclave.Isolation.Cgroups;
using Enclave.Isolation.Seccomp;
using Enclave.Processes;
using Enclave.Protocol.Messages;

namespace Enclave.Isolation;

/// <summary>What one worker holds of the machine while it lives: a user id, a control group; and the lock it is told to put on.</summary>
internal sealed class Confinement : IDisposable
{
    /// <summary>Share of CPU of a worker that starts aside: it gets what others leave, and comes to its end when they leave nothing.</summary>
    private const int AsidePercent = 20;

    /// <summary>No less weight than the host: a worker that has to wait for its turn makes every job late that comes after a pause.</summary>
    private const int FullPercent = 100;

    private readonly IsolationPlan _plan;
    private readonly WorkerBudget _budget;
    private readonly WorkerUser? _user;
    private readonly Lock _gate = new();
    private ControlGroup? _group;
    private bool _outOfMemory;
    private bool _disposed;

    private Confinement(IsolationPlan plan, WorkerBudget budget, IReadOnlySet<string> files, WorkerUser? user) => (_plan, _budget, Files, _user) = (plan, budget, files, user);

    public IsolationPlan Plan => _plan;

    /// <summary>What the root of its jail should hold.</summary>
    public IReadOnlySet<string> Files { get; }

    /// <summary>The user it becomes; null when it stays the host's.</summary>
    public int? User => _user?.Id;

    /// <summary>The hash of the filter it was given, for the report.</summary>
    public string FilterHash { get; private set; } = "";

    /// <summary>Whether it entered a group of its own, and why not.</summary>
    public (bool Entered, string Detail) Group { get; private set; }

    /// <summary>The name of its group, as the kernel shows it.</summary>
    public string? GroupName => _group?.Name;

    /// <param name="files">What the root of its jail holds.</param>
    public static Confinement Take(IsolationPlan plan, WorkerBudget budget, IReadOnlySet<string> files) =>
        new(plan, budget, files, plan.ChangesUser ? WorkerUser.TryTake() : null);

    /// <summary>Takes a nursery's share: it keeps the host's user, so that each cell can become one of its own.</summary>
    /// <param name="files">What the root of its jail holds.</param>
    public static Confinement TakeForNursery(IsolationPlan plan, WorkerBudget budget, IReadOnlySet<string> files) => new(plan, budget, files, user: null);

    /// <summary>Returns the lock of a worker: the rights that it gives up.</summary>
    /// <param name="ownProcess">Its id as it sees it.</param>
    public WorkerLock Lock(int ownProcess) => Lock(ProcessRole.Cell, ownProcess);

    /// <summary>Returns the lock of a nursery: the rights that it gives up for itself and for its cells.</summary>
    public WorkerLock LockNursery() => Lock(ProcessRole.Nursery, 0);

    private WorkerLock Lock(ProcessRole role, int ownProcess)
    {
        LockLayers layers = LockLayers.None;
        if (_plan.Applies(IsolationLayer.ResourceLimits)) layers |= LockLayers.Limits;
        if (_user is not null) layers |= LockLayers.User;
        if (_plan.Applies(IsolationLayer.Seccomp)) layers |= LockLayers.Seccomp;
        if (_plan.Applies(IsolationLayer.NoExecutableMemory)) layers |= LockLayers.NoExec;
        if (_plan.Refusal == SeccompRefusal.Trap) layers |= LockLayers.Learning;
        CodeMemory memory = _plan.Applies(IsolationLayer.NoExecutableMemory) ? CodeMemory.Frozen : CodeMemory.Growing;
        byte[] filter = (layers & LockLayers.Seccomp) == 0 ? [] : SeccompFilter.Compile(_plan.Calls, memory, _plan.Refusal, role, ownProcess);
        FilterHash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(filter));
        return new WorkerLock(layers, User ?? 0, _budget.DataBytes, _budget.CpuSeconds, filter);
    }

    /// <summary>How the worker starts.</summary>
    public StartPace Pace { get; private set; }

    /// <summary>The worker gives way to jobs until it is warm. Before it is in its group.</summary>
    public void StartAside() => Pace = StartPace.Aside;

    /// <summary>A worker that gives way is waited for by now.</summary>
    public void Hasten()
    {
        lock (_gate)
        {
            if (_disposed || Pace == StartPace.AtOnce) return;
            Pace = StartPace.AtOnce;
            if (Group.Entered) _group!.Weigh(FullPercent);
        }
    }

    /// <summary>Puts the worker into a group of its own, once: as soon as it is known, since the kernel takes its time and the worker goes on starting meanwhile.</summary>
    /// <param name="pid">The worker, as this machine sees it.</param>
    public void EnterGroup(int pid)
    {
        if (!_plan.Applies(IsolationLayer.ControlGroup)) return;
        lock (_gate)
        {
            if (_disposed || Group != default) return;
            _group = ControlGroup.TryMake(_plan.Machine.ControlGroups, out string fault);
            bool entered = _group?.Enter(pid) == true;
            if (entered && Pace == StartPace.Aside) _group!.Weigh(AsidePercent);
            Group = (entered, entered ? _group!.Name : fault.Length > 0 ? fault : "the worker could not be moved");
        }
    }

    /// <summary>Puts the worker into the group if the process that made it entered too late to take it along.</summary>
    /// <param name="pid">The worker, as this machine sees it.</param>
    public void Follow(int pid)
    {
        lock (_gate)
        {
            if (_disposed || !Group.Entered || WorkerInspection.IsInGroup(pid, _group!.Name) != false) return;
            if (!_group.Enter(pid)) Group = (false, "the worker could not be moved");
        }
    }

    /// <summary>Sets the limits of the warm worker's group.</summary>
    /// <param name="threads">How many it has: it makes no more.</param>
    public void LimitGroup(int threads) => LimitGroup(_budget.GroupBytes, threads);

    /// <summary>Sets the limits of a nursery's group.</summary>
    /// <param name="processes">How many it may hold.</param>
    public void LimitNurseryGroup(int processes) => LimitGroup(_budget.NurseryBytes, processes);

    private void LimitGroup(long bytes, int tasks)
    {
        lock (_gate)
        {
            if (_disposed || !Group.Entered) return;
            if (!_group!.Limit(new ControlGroupLimits(bytes, tasks, FullPercent))) Group = (false, "a limit was refused");
        }
    }

    /// <summary>True if the kernel killed the worker because its group was out of memory: known also when the group is gone.</summary>
    public bool WasOutOfMemory
    {
        get
        {
            lock (_gate) return _disposed ? _outOfMemory : _group?.OutOfMemoryKills > 0;
        }
    }

    /// <summary>Gives back the user and the group. The worker has been reaped.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            _outOfMemory = _group?.OutOfMemoryKills > 0;
            _group?.Dispose();
            _user?.Dispose();
        }
    }
}
