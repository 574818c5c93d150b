using System.Collections.Concurrent;
using Enclave.Engine;
using Enclave.Isolation;
using Enclave.Limits;
using Enclave.Processes;
using Enclave.Workers;
using Enclave.Workers.Comparison;
using Enclave.Workers.Engines;

namespace Enclave.Tests;

/// <summary>Starts real and fake workers in a given order, the last kind repeatedly, and remembers every process.</summary>
internal sealed class TestLauncher(params IWorkerLauncher[] sequence) : IWorkerLauncher
{
    private readonly ConcurrentQueue<IWorkerProcess> _processes = new();
    private int _launches;

    public Machine Machine => sequence[0].Machine;

    /// <summary>Number of launches so far, including failed ones.</summary>
    public int Launches => Volatile.Read(ref _launches);

    /// <summary>Every started process, in order.</summary>
    public int[] Pids => [.. _processes.Select((process) => process.Pid)];

    /// <summary>The processes that their host has not reaped.</summary>
    public ChildProcess[] Living => [.. _processes.OfType<ChildProcess>().Where((process) => process.PidFd >= 0)];

    /// <summary>Waits until each started process is gone. A pid reused by another worker becomes free soon; a leaked process never does.</summary>
    public async Task AssertNoneLeft()
    {
        foreach (int pid in Pids) await Within.Becomes(() => !ProcessTable.IsWorker(pid), $"worker {pid} was gone and reaped");
    }

    /// <summary>The real worker.</summary>
    public static IWorkerLauncher Real(SecurityLevel level = SecurityLevel.Standard)
    {
        NeedsLevel(level);
        if (!TestedEngine.IsPortable) return Real(IsolationPlan.For(level, Machine.This, []));
        return new PortableLauncher(PortableFiles.Find(null), IsolationPlan.For(level, Machine.Portable, []));
    }

    /// <summary>Skips a test at a level that the tested engine does not offer.</summary>
    public static void NeedsLevel(SecurityLevel level)
    {
        if (level is SecurityLevel.Secure or SecurityLevel.Strict) TestedEngine.NeedsNative("SECURE and STRICT");
    }

    /// <summary>A worker with these isolation layers.</summary>
    public static IWorkerLauncher Real(IsolationPlan plan) => Real(plan, Budget(plan));

    /// <summary>A worker with these isolation layers, and this part of the machine.</summary>
    public static IWorkerLauncher Real(IsolationPlan plan, WorkerBudget budget) =>
        new JailedLauncher(NativeFiles(), IsolationTable.EngineFlags(plan.Level), plan, budget);

    private static EngineFiles NativeFiles()
    {
        TestedEngine.NeedsNative("a jail and forked workers");
        return EngineFiles.Find(null);
    }

    /// <summary>Workers whose nurseries are replaced after this many.</summary>
    public static IWorkerLauncher ShortLived(int cells, SecurityLevel level = SecurityLevel.Standard)
    {
        IsolationPlan plan = IsolationPlan.For(level, Machine.This, []);
        return new JailedLauncher(NativeFiles(), IsolationTable.EngineFlags(plan.Level), plan, Budget(plan)) { MaxCellsPerNursery = cells };
    }

    /// <summary>Workers of a level, whose pages are listed in this way before they are compared.</summary>
    public static IWorkerLauncher Listing(SecurityLevel level, PageListing listing)
    {
        IsolationPlan plan = IsolationPlan.For(level, Machine.This, []);
        return new JailedLauncher(NativeFiles(), IsolationTable.EngineFlags(level), plan, Budget(plan)) { PageListing = listing };
    }

    /// <summary>The part of the machine that a worker of the level's preset gets.</summary>
    private static WorkerBudget Budget(IsolationPlan plan) =>
        WorkerBudget.For(EnclaveAdapter.WorkerPool.Resolve(new EnclaveOptions { SecurityLevel = plan.Level }).Bounds, plan.Applies(IsolationLayer.Jitless));

    /// <summary>A worker that runs these steps (Enclave.FakeWorker/Steps.cs).</summary>
    public static IWorkerLauncher Fake(params string[] steps) => Command(FakeCommand(steps));

    /// <summary>The command line of a fake worker with these steps.</summary>
    /// <remarks>
    /// Launchers start workers with an empty environment. <c>env</c> adds the variable without which a killed .NET process leaves its debugger's pipes in
    /// <c>/tmp</c>, and then becomes .NET in the same process.
    /// </remarks>
    public static string[] FakeCommand(params string[] steps) =>
        ["/usr/bin/env", "DOTNET_EnableDiagnostics=0", Repository.DotNet, "exec", Repository.Built("Enclave.FakeWorker"), .. steps];

    /// <summary>Any program.</summary>
    public static IWorkerLauncher Command(params string[] arguments) => new WorkerLauncher(new ProcessCommand(arguments[0], arguments, "/"));

    /// <summary>Settings for workers that no pool starts.</summary>
    public static WorkerSetup Setup { get; } = new(1 << 20, 64 << 20, 64 << 20, [], 1, TimeSpan.FromSeconds(30));

    public void ReportTo(ISecurityObserver observer)
    {
        foreach (IWorkerLauncher launcher in sequence) launcher.ReportTo(observer);
    }

    public Task StopAsync() => Task.WhenAll(sequence.Select((launcher) => launcher.StopAsync()));

    public void Launch(WorkerSetup setup, Action<IWorkerProcess> started, Action<string, ErrorCode> failed)
    {
        int n = Interlocked.Increment(ref _launches);
        sequence[Math.Min(n, sequence.Length) - 1].Launch(
            setup,
            (process) =>
            {
                _processes.Enqueue(process);
                started(process);
            },
            failed);
    }
}
