using System.Diagnostics;
using Enclave.Engine;
using Enclave.Isolation;
using Enclave.Isolation.Cgroups;
using Enclave.Isolation.Seccomp;
using Enclave.Processes;
using Enclave.Tests;
using Enclave.Workers;

namespace Enclave.LoadBench.Isolation;

/// <summary>Measures each step that isolation adds to a start, in the host and in the kernel, in milliseconds.</summary>
internal static class StartParts
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>The host's own inspection of a ready worker.</summary>
    public static double Measure(SecurityLevel level, ForkedProcess process)
    {
        Confinement confinement = process.Confinement!;
        IsolationPlan plan = IsolatedHost.PlanFor(level, Side.Isolated);
        return Time(() =>
        {
            var seen = new WorkerInspection(process.Pid);
            // The worker's claims change the verdict, but not the reads.
            new IsolationCheck(plan, confinement, [], seen).Run();
        });
    }

    public static IEnumerable<(string Name, double Milliseconds)> Others()
    {
        Machine machine = Machine.This;
        IReadOnlyList<JailBind> binds = WorkerFiles.Binds(EngineFiles.Find(null));
        string[] nothing = [WorkerFiles.Loader, "--version"];
        if (machine.BubblewrapFault is null)
        {
            ProcessCommand around =
                BubblewrapJail.Around(machine.Bubblewrap!, nothing, binds, machine.IsRoot, UserChange.AtTheLock) with { InfoDescriptor = -1 };
            // Without a reader, bubblewrap would write to a closed descriptor.
            int info = around.Arguments.ToList().IndexOf("--info-fd");
            around = around with { Arguments = [.. around.Arguments.Take(info), .. around.Arguments.Skip(info + 2)] };
            yield return ("a program that ends at once, in the worker's jail", Time(() => Run(around)));
        }

        yield return ("the same without a jail", Time(() => Run(new ProcessCommand(WorkerFiles.SystemLoader, [WorkerFiles.SystemLoader, "--version"], "/"))));
        if (machine.ControlGroups.IsUsable)
        {
            yield return ("a control group, made, limited and removed", Time(() => Group(machine.ControlGroups)));
        }

        var seal = new EngineSeal(EngineFiles.Find(null));
        yield return ("the engine's files compared with what was verified", Time(() => seal.Check()));
        yield return ("the system call filter compiled", Time(
            () => SeccompFilter.Compile(SeccompTable.Rules, CodeMemory.Growing, SeccompRefusal.Kill, ProcessRole.Cell, 1, code: null)));
        yield return ("a user id taken and given back", Time(() => WorkerUser.TryTake()?.Dispose()));
    }

    private static void Group(ControlGroupTree tree)
    {
        using ControlGroup? group = ControlGroup.TryMake(tree, out _);
        group?.Limit(new ControlGroupLimits(256 << 20, 10, 50));
    }

    private static void Run(ProcessCommand command)
    {
        if (ProbeProcess.Run(command, s_patience) is { } fault) throw new BenchException(fault);
    }

    /// <summary>The median of several runs, after as many warm-up runs.</summary>
    private static double Time(Action work)
    {
        const int Times = 15;
        var samples = new double[Times];
        for (int i = -Times; i < Times; i++)
        {
            long start = Stopwatch.GetTimestamp();
            work();
            if (i >= 0) samples[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        return samples.Order().ElementAt(Times / 2);
    }
}
