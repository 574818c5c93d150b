using Enclave.Isolation;
using Enclave.Isolation.Cgroups;
using Enclave.Protocol.Messages;

namespace Enclave.Workers;

/// <summary>The one look at a worker between its lock and its first job.</summary>
internal sealed class IsolationVerification(Confinement confinement, IWorkerProcess process)
{
    /// <summary>Longer than the kernel takes to end a process of this size.</summary>
    private static readonly TimeSpan s_dying = TimeSpan.FromSeconds(1);

    /// <summary>What the worker said and the kernel denies; null when there is nothing.</summary>
    public string? Mismatch { get; private set; }

    /// <summary>True if the worker ended meanwhile. What the kernel shows of the dead is nothing to judge by, and they get no job.</summary>
    public bool CameTooLate { get; private set; }

    /// <summary>
    /// Looks at this process as at a worker, for nothing but the compiling of the code: it takes some tens of milliseconds, which the first worker needs to
    /// start anyway and would otherwise wait for.
    /// </summary>
    public static void Rehearse(IsolationPlan plan)
    {
        using var confinement = Confinement.Take(plan, default, new HashSet<string>());
        // Not the machine's root: a small folder does.
        var seen = new WorkerInspection(Environment.ProcessId, "/proc/self/ns");
        new IsolationCheck(plan, confinement, [Claims.Limits, Claims.User, Claims.Seccomp, Claims.NoExec], seen).Run();
        if (!plan.Applies(IsolationLayer.ControlGroup)) return;
        using ControlGroup? group = ControlGroup.TryMake(plan.Machine.ControlGroups, out _);
        group?.Limit(new ControlGroupLimits(1 << 20, 1, 50));
    }

    public IReadOnlyList<LayerReport> Run(IReadOnlyList<string> claims)
    {
        int pid = process.Pid;
        var seen = new WorkerInspection(pid);
        // Where there is no jail nobody has told of it before.
        confinement.EnterGroup(pid);
        confinement.Follow(pid);
        confinement.LimitGroup(seen.Threads.Count);
        var check = new IsolationCheck(confinement.Plan, confinement, claims, seen);
        IReadOnlyList<LayerReport> layers = check.Run();
        // One that lives now has lived all the while. One that is about to end has already left its groups and limits, and has not yet ended: before a worker is
        // called a liar it gets the time for that. It gets no job meanwhile.
        bool wanting = check.Mismatch is not null || layers.Any((layer) => layer is { Requirement: LayerRequirement.Mandatory, Status: LayerStatus.Failed, Accepted: false });
        CameTooLate = process.EndsWithin(wanting ? s_dying : TimeSpan.Zero);
        if (!CameTooLate) Mismatch = check.Mismatch;
        return layers;
    }
}
