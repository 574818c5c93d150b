using System.Collections.Concurrent;
using System.Globalization;
using Enclave.Engine;
using Enclave.Isolation;
using Enclave.Linux;
using Enclave.Processes;
using Enclave.Protocol.Messages;
using Enclave.Tests;
using Enclave.Workers;

namespace Enclave.Attacks.Tests;

/// <summary>The process that forks the workers: the effects of its death, its age and an invalid order.</summary>
[Collection(Alone.Name)]
public sealed class NurseryTests
{
    private readonly TestGate _gate = new();

    [Fact]
    public async Task L1_The_death_of_a_nursery_ends_its_workers_and_the_next_job_has_another()
    {
        await using (EnclaveHost host = Host(TestLauncher.Real(), workers: 3))
        {
            Task<ExecutionResult>[] jobs = [.. Enumerable.Range(0, 3).Select((_) => host.RunAsync(TestGate.Script))];
            for (int i = 0; i < jobs.Length; i++) await _gate.Arrival();
            int[] workers = Workers(host);
            int nursery = Assert.Single(workers.Select(ProcessTable.NurseryOf).Distinct());
            ProcessTable.Signal(nursery, ProcessTable.Kill);

            foreach (Task<ExecutionResult> job in jobs) Assert.Equal(ErrorCode.WorkerCrashed, (await Within.Deadline(job, "answer of a lost job")).Error?.Code);
            foreach (int worker in workers) await ProcessTable.Gone(worker, "a worker of the dead nursery");
            Assert.True((await Within.Deadline(host.RunAsync("return 1"), "answer of the next job")).Success);
            Assert.DoesNotContain(nursery, Workers(host).Select(ProcessTable.NurseryOf));
        }

        await HostTraces.AssertNone();
    }

    [Fact]
    public async Task A_nursery_is_replaced_after_its_cells_and_ends_with_the_last_of_them()
    {
        await using (EnclaveHost host = Host(TestLauncher.ShortLived(3), workers: 1, executions: 1))
        {
            var nurseries = new List<int>();
            // The next nursery starts while the old one continues.
            while (nurseries.Distinct().Count() < 4)
            {
                Task<ExecutionResult> job = host.RunAsync("await callTool('other', {}); return 1");
                Assert.True((await Within.Deadline(job, "answer")).Success);
                await Within.Becomes(() => host.GetSnapshot().IdleWorkers == 1, "the next worker was ready");
                nurseries.Add(ProcessTable.NurseryOf(Assert.Single(Workers(host))));
                Assert.True(nurseries.Count < 1000, "no nursery took another one's place");
            }

            foreach (int old in nurseries.Distinct().SkipLast(2)) await ProcessTable.Gone(old, "a nursery whose last cell has ended");
        }

        await HostTraces.AssertNone();
    }

    [Theory]
    [InlineData("an order without descriptors")]
    [InlineData("half an order")]
    [InlineData("an order with two descriptors")]
    [InlineData("an order with four descriptors")]
    public async Task P11_A_strange_order_ends_a_nursery(string attack)
    {
        IsolationPlan plan = IsolationPlan.For(SecurityLevel.Standard, Machine.This, []).Without(IsolationLayer.FileSystem);
        (NurseryOwner owner, int host) = StartWithoutJail(plan);
        await Within.Deadline(owner.Ready.Task, "readiness of the nursery");

        if (attack.StartsWith("an order with ", StringComparison.Ordinal)) Send(host, attack.Contains("two", StringComparison.Ordinal) ? 2 : 4);
        else Send(host, attack == "half an order" ? [1, 2] : [1, 0, 0, 0]);

        Assert.Contains("the host's frames were refused", await Within.Deadline(owner.Ended.Task, "end of the nursery"), StringComparison.Ordinal);
        _ = Libc.close(host);
    }

    /// <summary>The plan wants a jail, and the process is in none.</summary>
    [Fact]
    public async Task A_nursery_outside_of_its_jail_is_ended_before_it_forks()
    {
        IsolationPlan plan = IsolationPlan.For(SecurityLevel.Standard, Machine.This, []);
        Assert.SkipUnless(plan.Form == JailForm.Bubblewrap && Machine.This.IsRoot, "an ordinary host may not see a nursery's namespaces");

        (NurseryOwner owner, int host) = StartWithoutJail(plan);

        Assert.Contains("is the host's own", await Within.Deadline(owner.Ended.Task, "end of the nursery"), StringComparison.Ordinal);
        Assert.Equal(SecurityEventKind.IsolationMismatch, Assert.Single(owner.Violations).Kind);
        Assert.False(owner.Ready.Task.IsCompleted);
        _ = Libc.close(host);
    }

    /// <summary>Nurseries pass the host's check at all levels. A process without isolation does not.</summary>
    [Theory]
    [InlineData(SecurityLevel.Strict)]
    [InlineData(SecurityLevel.Secure)]
    [InlineData(SecurityLevel.Standard)]
    [InlineData(SecurityLevel.Permissive)]
    public async Task A_nursery_keeps_the_capabilities_that_it_needs_and_no_others(SecurityLevel level)
    {
        IsolationPlan plan = IsolationPlan.For(level, Machine.This, Enum.GetValues<IsolationLayer>());
        await using LiveWorker worker = await LiveWorker.At(level, (options) => options.AllowDegradedIsolation = Enum.GetValues<IsolationLayer>());
        int nursery = ProcessTable.Parent(worker.Pid);

        Assert.Null(NurseryCheck.Mismatch(plan, [Claims.Seccomp], new WorkerInspection(nursery), inherited: 0));
        if (plan.Form == JailForm.Bubblewrap)
            Assert.NotNull(NurseryCheck.Mismatch(plan, [Claims.Seccomp], new WorkerInspection(Environment.ProcessId), inherited: 0));
        if (!plan.ChangesUser) return;
        // Where workers keep the host's user, a nursery needs none.
        IsolationPlan oneUser = plan with { Machine = plan.Machine with { CanChangeUser = false } };
        string? mismatch = NurseryCheck.Mismatch(oneUser, [], new WorkerInspection(nursery), inherited: 0);
        Assert.StartsWith("it holds more capabilities", mismatch, StringComparison.Ordinal);
    }

    /// <summary>A forked process has the filter of its nursery in any case.</summary>
    [Fact]
    public async Task I11_A_worker_that_says_it_has_a_filter_and_has_only_its_nurserys_is_found()
    {
        var plan = IsolationPlan.For(SecurityLevel.Standard, Machine.This, Enum.GetValues<IsolationLayer>());
        await using LiveWorker worker = await LiveWorker.At(
            SecurityLevel.Standard, (options) => options.AllowDegradedIsolation = Enum.GetValues<IsolationLayer>());
        int nursery = ProcessTable.Parent(worker.Pid);
        int host = new WorkerInspection(Environment.ProcessId).Filters, inherited = new WorkerInspection(nursery).Filters;

        Assert.Equal(host + 1, inherited);
        Assert.Equal(LayerStatus.Active, Filter(worker.Pid));
        // It has as many filters as a cell that added none.
        Assert.Equal(LayerStatus.Failed, Filter(nursery));
        // In a container the host's own filters come first.
        Assert.NotNull(NurseryCheck.Mismatch(plan, [Claims.Seccomp], new WorkerInspection(nursery), inherited));

        LayerStatus Filter(int pid)
        {
            using var confinement = Confinement.Take(plan, WorkerBudget.For(new WorkerPoolOptions().Bounds, jitless: false), new HashSet<string>());
            confinement.FiltersBefore = inherited;
            return new IsolationCheck(plan, confinement, [Claims.Seccomp], new WorkerInspection(pid)).Run()
                .Single((layer) => layer.Layer == IsolationLayer.Seccomp).Status;
        }
    }

    /// <summary>A jail whose program reports no worker is not killed, since a worker may exist.</summary>
    [Fact]
    public async Task A_jail_that_reports_nothing_and_does_not_end_holds_no_launch()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("enclave-jail-");
        string program = Path.Combine(folder.FullName, "jail"), told = Path.Combine(folder.FullName, "pid");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\necho $$ > {told}\nexec sleep 600\n", TestContext.Current.CancellationToken);
        OtherWriters.Shell("chmod", "500", program);
        IsolationPlan plan = IsolationPlan.For(SecurityLevel.Standard, Machine.This, []);
        Assert.SkipUnless(plan.Form == JailForm.Bubblewrap, "bubblewrap makes no jail here");
        var launcher = (JailedLauncher)TestLauncher.Real(plan with { Machine = plan.Machine with { Bubblewrap = program } });
        var failed = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);

        launcher.Launch(TestLauncher.Setup with { StartTimeout = TimeSpan.FromMilliseconds(100) }, (_) => { }, (why, _) => failed.TrySetResult(why));

        Assert.Contains("ready", await Within.Deadline(failed.Task, "failure of the launch"), StringComparison.Ordinal);
        string pid = await File.ReadAllTextAsync(told, TestContext.Current.CancellationToken);
        ProcessTable.Signal(int.Parse(pid, CultureInfo.InvariantCulture), ProcessTable.Kill);
        await Within.Deadline(launcher.StopAsync(), "end of the launcher");
        folder.Delete(recursive: true);
    }

    /// <summary>A nursery as the plan has it, but started as the host's plain child. The test has the host's end of its socket.</summary>
    private static (NurseryOwner Owner, int Host) StartWithoutJail(IsolationPlan plan)
    {
        (int host, int child) = SocketPair();
        EngineFiles files = EngineFiles.Find(null);
        string[] command = [WorkerFiles.SystemLoader, "--preload", "./libenclave-engine.so", "./node", "worker", "./snapshot.bin",
            Environment.ProcessId.ToString(CultureInfo.InvariantCulture), "open"];
        var confinement = Confinement.TakeForNursery(plan, WorkerBudget.For(new WorkerPoolOptions().Bounds, jitless: false), new HashSet<string>());
        var owner = new NurseryOwner();
        SpawnThread.Post(() =>
        {
            StartedProcess started = ProcessLauncher.Start(new ProcessCommand(command[0], command, files.EngineDirectory), out string? fault, child)
                ?? throw new InvalidOperationException(fault);
            _ = Libc.close(child);
            // The test speaks on its socket.
            new Nursery(new SpawnedWorker(started, confinement), NurserySocket.TryOpen()!, TestLauncher.Setup, owner).Open();
        });
        return (owner, host);
    }

    private static unsafe (int Host, int Child) SocketPair()
    {
        const int UnixDomain = 1, Packets = 5;
        int* ends = stackalloc int[2];
        Assert.Equal(0, Libc.socketpair(UnixDomain, Packets | Libc.CloseOnExec, 0, ends));
        return (ends[0], ends[1]);
    }

    private static unsafe void Send(int socket, byte[] packet)
    {
        fixed (byte* at = packet) Assert.Equal(packet.Length, (int)Libc.write(socket, at, packet.Length));
    }

    /// <summary>Sends an order with this number of descriptors, as <see cref="NurserySocket"/> does.</summary>
    private static unsafe void Send(int socket, int descriptors)
    {
        const int SocketLevel = 1, Rights = 1, Header = 16;
        byte* control = stackalloc byte[64];
        int length = Header + (descriptors * sizeof(int)), number = 1;
        *(long*)control = length;
        *(int*)(control + 8) = SocketLevel;
        *(int*)(control + 12) = Rights;
        new Span<int>(control + Header, descriptors).Fill(socket);
        var part = new Libc.IoVector { Base = &number, Length = sizeof(int) };
        var message = new Libc.Message { Parts = &part, PartCount = 1, Control = control, ControlLength = (length + 7) & ~7 };
        Assert.Equal(sizeof(int), (int)Libc.sendmsg(socket, &message, 0));
    }

    private static int[] Workers(EnclaveHost host) => [.. host.GetIsolationReport().Workers.Select((worker) => worker.ProcessId)];

    private EnclaveHost Host(IWorkerLauncher launcher, int workers, int executions = 1000) => new(
        new EnclaveOptions
        {
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = new WorkerPoolOptions { MinWorkers = workers, MaxWorkers = workers, MaxExecutionsPerWorker = executions },
            ToolHandler = _gate.Handle,
        }.WithoutGuard(),
        null,
        launcher);

    private sealed class NurseryOwner : INurseryOwner
    {
        public TaskCompletionSource Ready { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<string> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ConcurrentQueue<(SecurityEventKind Kind, int Pid)> Violations { get; } = [];

        public void OnReady(Nursery nursery) => Ready.TrySetResult();

        public void OnViolation(SecurityEventKind kind, int pid, string what) => Violations.Enqueue((kind, pid));

        public void OnStuck(Nursery nursery, string why, ErrorCode code)
        {
        }

        public void OnEnded(Nursery nursery, string why, ErrorCode code) => Ended.TrySetResult(why);
    }
}
