using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using Enclave.Isolation;
using Enclave.Limits;
using Enclave.Linux;
using Enclave.Tests;

namespace Enclave.Attacks.Tests.Injection;

/// <summary>
/// A host with two workers of one nursery. The test controls the native code of one of them, call by call. After each attack the other worker and the nursery
/// must be the same processes as before, and both workers must answer.
/// </summary>
internal sealed class SiblingHost : IAsyncDisposable
{
    private readonly TestLauncher _launcher;
    private readonly EnclaveHost _host;
    private readonly ConcurrentQueue<SecurityEvent> _events = [];
    private readonly Channel<RecycleReason> _lost = Channel.CreateUnbounded<RecycleReason>();
    private TestGate _gate = new();

    private SiblingHost(IsolationPlan plan)
    {
        Assert.SkipWhen(Injector.Obstacle is not null, Injector.Obstacle ?? "");
        _launcher = new TestLauncher(TestLauncher.Real(plan));
        var options = new EnclaveOptions
        {
            SecurityLevel = plan.Level,
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = new WorkerPoolOptions { MinWorkers = 2, MaxWorkers = 2, SpareWorkers = 0, StartTimeout = TimeSpan.FromSeconds(20) },
            // The launcher's plan applies, not the plan that the host would make for this machine.
            AllowDegradedIsolation = [.. IsolationTable.Layers],
            OnSecurityEvent = _events.Enqueue,
            OnWorkerRecycled = (reason) => _lost.Writer.TryWrite(reason),
            // The injector leaves traces in the worker, which a comparison of its memory would find.
            ResetComparison = ResetComparison.Off,
            ToolHandler = (name, args, context) => _gate.Handle(name, args, context),
        };
        _host = new EnclaveHost(options, null, _launcher);
    }

    /// <summary>The worker that is not attacked from inside, as this machine sees it.</summary>
    public int Sibling { get; private set; }

    /// <summary>The nursery of both workers, as this machine sees it.</summary>
    public int Nursery { get; private set; }

    /// <summary>The worker that the next attack uses, as this machine sees it.</summary>
    public int Attacker { get; private set; }

    /// <summary>The ids of the sibling, of the nursery and of the process that forked the attacker, as the attacker sees them.</summary>
    public IReadOnlyList<int> Targets => [.. new[] { Sibling, Nursery, ProcessTable.Parent(Attacker) }.Distinct().Select(InJail)];

    public static async Task<SiblingHost> Open(IsolationPlan plan)
    {
        var host = new SiblingHost(plan);
        await host.RunOnBoth();
        int[] workers = host.Workers();
        (host.Sibling, host.Attacker) = (workers[0], workers[1]);
        host.Nursery = ProcessTable.NurseryOf(host.Sibling);
        Assert.Equal(host.Nursery, ProcessTable.NurseryOf(host.Attacker));
        return host;
    }

    /// <summary>Makes one attack from inside a worker. If the worker dies of it, only that worker does, and the host replaces it.</summary>
    public async Task<CallOutcome> Attack(Func<Tracee, CallOutcome> attack)
    {
        int attacker = Attacker;
        (CallOutcome outcome, bool spent) = await Injector.Inside(attacker, (tracee) => (attack(tracee), tracee.IsSpent));
        if (spent) ProcessTable.Signal(attacker, ProcessTable.Kill);
        bool dies = spent || outcome.Signal != 0;
        if (dies)
        {
            // A job that came before would be given to the dead worker, and fail.
            await Within.Deadline(_lost.Reader.ReadAsync().AsTask(), "notice of the attacker's death");
            await ProcessTable.Gone(attacker, "the attacker");
        }

        await RunOnBoth();
        int[] workers = Workers();
        Assert.Contains(Sibling, workers);
        Assert.All(workers, (pid) => Assert.Equal(Nursery, ProcessTable.NurseryOf(pid)));
        Assert.Equal(!dies, workers.Contains(attacker));
        Attacker = workers.Single((pid) => pid != Sibling);
        return outcome;
    }

    /// <summary>The call ends the attacker, and the host reports which worker it was and why.</summary>
    public async Task AssertForbidden(string what, Func<Tracee, CallOutcome> attack)
    {
        _events.Clear();
        int attacker = Attacker;
        CallOutcome outcome = await Attack(attack);
        Assert.True(outcome.IsForbidden, $"{what}: {outcome}");
        SecurityEvent told = Assert.Single(_events);
        Assert.Equal((SecurityEventKind.ForbiddenSystemCall, attacker), (told.Kind, told.ProcessId));
    }

    /// <summary>The call fails with one of these errors, and the attacker continues as well.</summary>
    public async Task AssertRefused(string what, string[] errors, Func<Tracee, CallOutcome> attack)
    {
        CallOutcome outcome = await Attack(attack);
        Assert.True(errors.Contains(outcome.Error), $"{what}: {outcome}");
    }

    public async ValueTask DisposeAsync()
    {
        _gate.Open();
        await Within.Deadline(_host.DisposeAsync().AsTask(), "end of the host");
        await _launcher.AssertNoneLeft();
    }

    /// <summary>Gives both workers a job at the same time. Both must answer.</summary>
    private async Task RunOnBoth()
    {
        var gate = new TestGate();
        _gate = gate;
        Task<ExecutionResult>[] jobs = [_host.RunAsync(TestGate.Script), _host.RunAsync(TestGate.Script)];
        for (int i = 0; i < jobs.Length; i++) await gate.Arrival();
        gate.Open();
        foreach (Task<ExecutionResult> job in jobs)
        {
            ExecutionResult result = await Within.Deadline(job, "answer of a worker");
            Assert.True(result.Success, $"{result.Error?.Code} {result.Error?.Message}");
        }
    }

    private int[] Workers()
    {
        int[] workers = [.. _host.GetIsolationReport().Workers.OrderBy((worker) => worker.WorkerId).Select((worker) => worker.ProcessId)];
        Assert.Equal(2, workers.Length);
        return workers;
    }

    /// <summary>Its id in its own pid namespace, which is the last one that the kernel lists.</summary>
    private static int InJail(int pid) => int.Parse(ProcFile.Status($"/proc/{pid}/status")["NSpid"].Split('\t')[^1], CultureInfo.InvariantCulture);
}
