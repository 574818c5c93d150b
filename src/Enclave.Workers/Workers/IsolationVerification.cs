using System.Runtime.Versioning;
using Enclave.Isolation;
using Enclave.Isolation.Cgroups;
using Enclave.Processes;
using Enclave.Protocol.Messages;

namespace Enclave.Workers;

/// <summary>The inspection of a worker between its lock and its first job.</summary>
[SupportedOSPlatform("linux")]
internal static class IsolationVerification
{
    /// <summary>The start of a worker or nursery at which the host cannot look now.</summary>
    public const string NoDescriptor = "the host has no free descriptor, or no memory, to inspect it";

    /// <summary>Longer than the kernel takes to end a process of this size.</summary>
    private static readonly TimeSpan s_dying = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Inspects this process like a worker, only to compile the code: that takes some tens of milliseconds, which the first worker needs for its start anyway
    /// and would otherwise wait for.
    /// </summary>
    public static void Rehearse(IsolationPlan plan)
    {
        using var confinement = Confinement.Take(plan, default, new HashSet<string>());
        // A small folder is enough, instead of the machine's root.
        var seen = new WorkerInspection(Environment.ProcessId, "/proc/self/ns");
        new IsolationCheck(plan, confinement, [Claims.Limits, Claims.User, Claims.Seccomp, Claims.NoExec], seen).Run();
        if (!plan.Applies(IsolationLayer.ControlGroup)) return;
        using ControlGroup? group = ControlGroup.TryMake(plan.Machine.ControlGroups, out _);
        group?.Limit(new ControlGroupLimits(1 << 20, 1, 50));
    }

    public static WorkerFinding Inspect(ChildProcess process, Confinement? confinement, IReadOnlyList<string> claims)
    {
        if (confinement is null) return WorkerFinding.None;
        if (!process.Meet()) return new WorkerFinding { Fault = "bubblewrap does not tell which process it started" };
        int pid = process.Pid;
        var seen = new WorkerInspection(process);
        // Without a jail, the worker's id was not known before this.
        confinement.EnterGroup(pid);
        confinement.Follow(process);
        confinement.LimitGroup(seen.Threads.Count);
        var check = new IsolationCheck(confinement.Plan, confinement, claims, seen);
        IReadOnlyList<LayerReport> layers = check.Run();
        if (seen.IsShort) return new WorkerFinding { Fault = NoDescriptor };
        // A process that lives now has lived all the time. A process that is about to end has already left its groups and limits, and has not yet ended.
        // So before a contradiction counts, the worker gets time for its end. It gets no job meanwhile.
        bool wanting = check.Mismatch is not null || layers.Any(
            (layer) => layer is { Requirement: LayerRequirement.Mandatory, Status: LayerStatus.Failed, Accepted: false });
        bool cameTooLate = process.EndsWithin(wanting ? s_dying : TimeSpan.Zero);
        return WorkerFinding.Of(confinement.Plan, layers) with
        {
            CameTooLate = cameTooLate,
            Mismatch = cameTooLate ? null : check.Mismatch,
            Unseen = check.Unseen,
        };
    }
}
