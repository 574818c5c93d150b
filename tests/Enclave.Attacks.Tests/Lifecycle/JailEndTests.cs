using Enclave.Isolation;
using Enclave.Processes;
using Enclave.Protocol.Messages;
using Enclave.Tests;
using Enclave.Workers;

namespace Enclave.Attacks.Tests;

/// <summary>Bubblewrap and the worker inside it are two processes. If either is killed, stopped or missing, both end and release all resources.</summary>
[Collection(Alone.Name)]
public sealed class JailEndTests
{
    private readonly TestGate _gate = new();
    private readonly TestLauncher _launcher = new(TestLauncher.Real());

    public static bool HasNoJail => Machine.This.BubblewrapFault is not null;

    [Fact(Skip = "bubblewrap makes no jail here", SkipWhen = nameof(HasNoJail))]
    public async Task L11_A_stopped_jail_ends_with_its_worker()
    {
        await using (EnclaveHost host = Host())
        {
            Task<ExecutionResult> job = host.RunAsync(
                "await callTool('gate', {}); for (;;) 'x'.repeat(1000);", new RunOptions { Timeout = TimeSpan.FromSeconds(1) });
            await _gate.Arrival();
            int jail = ProcessTable.Parent(_launcher.Pids[0]);
            ProcessTable.Signal(jail, ProcessTable.Stop);
            await Within.Becomes(() => ProcessTable.IsStopped(jail), "the jail stood still");
            _gate.Open();

            Assert.Equal(ErrorCode.Timeout, (await Within.Deadline(job, "answer of the job in the stopped jail")).Error?.Code);
            await ProcessTable.Gone(jail, "the stopped jail");
        }

        await HostTraces.AssertNone();
    }

    [Fact]
    public async Task L11_Jails_that_are_stopped_while_they_start_end_with_their_host()
    {
        var random = new Random(20257);
        for (int i = 0; i < TestSize.Of(15, 400); i++)
        {
            var launcher = new TestLauncher(TestLauncher.Real());
            var options = new EnclaveOptions { Adapter = EnclaveAdapter.WorkerPool, WorkerPool = new WorkerPoolOptions { MinWorkers = 1, MaxWorkers = 1 } };
            await using var host = new EnclaveHost(options, null, launcher);
            await Within.Becomes(() => launcher.Pids.Length > 0, "a worker was started");
            Thread.SpinWait(random.Next(100_000));
            foreach (int child in ProcessTable.Children(Environment.ProcessId)) ProcessTable.Signal(child, ProcessTable.Stop);
        }

        await HostTraces.AssertNone();
    }

    [Fact(Skip = "bubblewrap makes no jail here", SkipWhen = nameof(HasNoJail))]
    public async Task L1_A_jail_killed_from_outside_takes_its_worker_with_it_and_gives_all_back()
    {
        await using (EnclaveHost host = Host())
        {
            for (int i = 0; i < TestSize.Of(4, 100); i++)
            {
                Task<ExecutionResult> lost = host.RunAsync(TestGate.Script);
                await _gate.Arrival();
                int worker = _launcher.Pids[^1];
                ProcessTable.Signal(ProcessTable.Parent(worker), ProcessTable.Kill);

                Assert.Equal(ErrorCode.WorkerCrashed, (await Within.Deadline(lost, "answer of the lost job")).Error?.Code);
                await Within.Becomes(() => !ProcessTable.Exists(worker) || ProcessTable.IsZombie(worker), "the worker ended with its jail");
                await Within.Becomes(() => HostTraces.ControlGroups().Count <= 2 * Machine.This.ControlGroups.Folders.Values.Distinct().Count(),
                    "the group of the lost worker was removed");
            }
        }

        await HostTraces.AssertNone();
    }

    [Fact]
    public async Task L9_Hosts_disposed_while_jails_are_made_leave_nothing_half_made()
    {
        var random = new Random(20256);
        for (int i = 0; i < TestSize.Of(15, 400); i++)
        {
            var launcher = new TestLauncher(TestLauncher.Real());
            var options = new EnclaveOptions { Adapter = EnclaveAdapter.WorkerPool, WorkerPool = new WorkerPoolOptions { MinWorkers = 3, MaxWorkers = 3 } };
            await using var host = new EnclaveHost(options, null, launcher);
            await Within.Becomes(() => launcher.Pids.Length >= (i % 2) + 1, "a worker was started");
            Thread.SpinWait(random.Next(200_000));
        }

        await HostTraces.AssertNone();
    }

    // A worker may be killed at any moment. The kernel's view of a dead process contradicts the worker's claims.
    [Fact]
    public async Task A_worker_that_dies_while_it_is_looked_at_is_not_taken_for_a_liar()
    {
        IsolationPlan plan = IsolationPlan.For(SecurityLevel.Standard, Machine.This, []);
        using var confinement = Confinement.Take(plan, WorkerBudget.For(new WorkerPoolOptions().Bounds, jitless: false), new HashSet<string>());
        SpawnedWorker process = WorkerLauncher.Start(new ProcessCommand("/bin/true", ["/bin/true"], "/"), confinement, out string? fault)
            ?? throw new InvalidOperationException(fault);
        await Within.Becomes(() => ProcessTable.IsZombie(process.Pid), "the process ended");

        WorkerFinding look = process.Inspect([Claims.Limits, Claims.User, Claims.Seccomp]);

        Assert.True(look.CameTooLate);
        Assert.Null(look.Mismatch);
        Assert.True(process.TryReap(out _));
        process.Close();
    }

    private EnclaveHost Host() => new(
        new EnclaveOptions
        {
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = new WorkerPoolOptions { MinWorkers = 1, MaxWorkers = 1, StartTimeout = TimeSpan.FromSeconds(20) },
            ToolHandler = _gate.Handle,
        }.WithoutGuard(),
        null,
        _launcher);
}
