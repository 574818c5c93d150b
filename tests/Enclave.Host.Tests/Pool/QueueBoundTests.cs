using Enclave.Isolation;
using Enclave.Processes;
using Enclave.Testing;
using Enclave.Tests;
using Enclave.Workers;

namespace Enclave.Host.Tests;

/// <summary>What counts against the queue: jobs beyond the workers that the pool has or may start.</summary>
public sealed class QueueBoundTests
{
    // Longer than a held job waits on a busy machine.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    private readonly TestGate _gate = new();

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 5)]
    [InlineData(3, 0)]
    [InlineData(4, 4)]
    [InlineData(8, 5)]
    [InlineData(16, 20)]
    public async Task A_cold_burst_is_refused_beyond_workers_and_queue(int workers, int queue)
    {
        var launcher = new HeldLauncher(TestLauncher.Real());
        await using EnclaveHost host = Host(SecurityLevel.Standard, launcher, new() { MinWorkers = 0, MaxWorkers = workers, MaxQueueSize = queue });

        Task<ExecutionResult>[] jobs = [.. Enumerable.Range(0, workers + queue + 3).Select((_) => host.RunAsync(TestGate.Script))];

        Task<ExecutionResult>[] refused = [.. jobs.Where((job) => job.IsCompleted)];
        Assert.Equal(jobs[^3..], refused);
        foreach (Task<ExecutionResult> job in refused)
        {
            ExecutionError error = (await job).Error!;
            Assert.Equal((ErrorCode.QueueFull, workers + queue), (error.Code, error.Data!["queueDepth"]));
        }

        launcher.Release();
        _gate.Open();
        Assert.All(await Within.Deadline(Task.WhenAll(jobs[..^3]), "all answers"), (result) => Assert.True(result.Success, result.Error?.Message));
    }

    [Theory]
    [InlineData(SecurityLevel.Strict)]
    [InlineData(SecurityLevel.Secure)]
    [InlineData(SecurityLevel.Standard)]
    [InlineData(SecurityLevel.Permissive)]
    public async Task Without_a_queue_and_without_ready_workers_one_job_after_another_is_served(SecurityLevel level)
    {
        await using EnclaveHost host = Host(level, TestLauncher.Real(level), new() { MinWorkers = 0, MaxWorkers = 1, SpareWorkers = 0, MaxQueueSize = 0 });

        // Where a worker serves one tenant, each of these jobs finds the only worker bound to another one.
        for (int i = 0; i < 6; i++)
        {
            bool endless = i == 3;
            var options = new RunOptions { Tenant = $"tenant {i % 3}", Timeout = endless ? TimeSpan.FromMilliseconds(200) : TimeSpan.FromSeconds(20) };
            ExecutionResult result = await Within.Deadline(host.RunAsync(endless ? "for(;;);" : "return 1", options), "answer");
            Assert.Equal(endless ? ErrorCode.Timeout : null, result.Error?.Code);
        }
    }

    [Fact]
    public async Task Without_a_queue_a_double_vm_serves_a_job()
    {
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            WorkerPool = new() { MinWorkers = 0, MaxWorkers = 1, MaxQueueSize = 0, StartTimeout = TimeSpan.FromSeconds(20) },
            Adapter = EnclaveAdapter.WorkerPool,
            DoubleVm = new() { ToolPolicy = "(call) => true" },
            ToolHandler = _gate.Handle,
        });

        ExecutionResult result = await Within.Deadline(host.RunAsync("return (await callTool('echo', { a: 1 })).a"), "answer");

        Assert.True(result.Success, result.Error?.Message);
    }

    [Fact]
    public async Task A_tenants_share_counts_its_jobs_beyond_the_workers_too()
    {
        var launcher = new HeldLauncher(TestLauncher.Real());
        await using EnclaveHost host = Host(
            SecurityLevel.Standard, launcher, new() { MinWorkers = 0, MaxWorkers = 3, MaxWorkersPerTenant = 2, MaxQueueSize = 10, MaxQueuedPerTenant = 1 });

        Task<ExecutionResult>[] jobs = [.. Enumerable.Range(0, 6).Select((_) => host.RunAsync(TestGate.Script, new RunOptions { Tenant = "a" }))];
        Task<ExecutionResult> other = host.RunAsync(TestGate.Script, new RunOptions { Tenant = "b" });

        // Two get the workers that the tenant may hold, and one its place in the queue.
        Assert.Equal(jobs[3..], jobs.Where((job) => job.IsCompleted));
        Assert.Contains("MaxQueuedPerTenant", (await jobs[3]).Error!.Message, StringComparison.Ordinal);
        launcher.Release();
        _gate.Open();
        Assert.All(await Within.Deadline(Task.WhenAll([.. jobs[..3], other]), "all answers"), (result) => Assert.True(result.Success, result.Error?.Message));
    }

    [Fact]
    public async Task Tenants_that_may_hold_one_worker_each_fill_the_pool_past_a_backlog()
    {
        var launcher = new HeldLauncher(TestLauncher.Real());
        await using EnclaveHost host = Host(
            SecurityLevel.Standard, launcher, new() { MinWorkers = 0, MaxWorkers = 8, MaxWorkersPerTenant = 1, MaxQueueSize = 2 });
        // One is served, and two fill the queue, since their tenant may hold no other worker.
        Task<ExecutionResult>[] backlog = [.. Enumerable.Range(0, 4).Select((_) => host.RunAsync(TestGate.Script, new RunOptions { Tenant = "a" }))];

        Task<ExecutionResult>[] others =
            [.. Enumerable.Range(0, 7).Select((i) => host.RunAsync(TestGate.Script, new RunOptions { Tenant = $"tenant {i}" }))];

        Assert.Equal([backlog[3]], backlog.Where((job) => job.IsCompleted));
        Assert.DoesNotContain(others, (job) => job.IsCompleted);
        launcher.Release();
        _gate.Open();
        Assert.All(
            await Within.Deadline(Task.WhenAll([.. backlog[..3], .. others]), "all answers"), (result) => Assert.True(result.Success, result.Error?.Message));
    }

    [Fact]
    public async Task A_replacement_that_is_ready_early_runs_no_job_beyond_the_pools_size()
    {
        await using EnclaveHost host = Host(
            SecurityLevel.Standard, TestLauncher.Real(), new() { MinWorkers = 1, MaxWorkers = 1, MaxExecutionsPerWorker = 3, MaxQueueSize = 1 });
        for (int i = 0; i < 2; i++) Assert.True((await host.RunAsync("return 1")).Success);
        await Within.Becomes(() => host.GetSnapshot() is { Workers: 2, IdleWorkers: 2 }, "the replacement is ready");

        Task<ExecutionResult>[] jobs = [.. Enumerable.Range(0, 2).Select((_) => host.RunAsync(TestGate.Script))];

        PoolSnapshot state = host.GetSnapshot();
        Assert.Equal((1, 1), (state.ActiveWorkers, state.QueueDepth));
        _gate.Open();
        Assert.All(await Within.Deadline(Task.WhenAll(jobs), "all answers"), (result) => Assert.True(result.Success, result.Error?.Message));
    }

    [Fact]
    public async Task Jobs_that_wait_hold_a_quarter_of_a_gigabyte_together()
    {
        var launcher = new HeldLauncher(TestLauncher.Real());
        // On a busy machine 18 jobs of 15 MB take longer than a minute, one after the other.
        TimeSpan patience = TimeSpan.FromMinutes(4);
        await using EnclaveHost host = Host(
            SecurityLevel.Standard, launcher, new() { MinWorkers = 0, MaxWorkers = 1, MaxQueueSize = 100, QueueTimeout = patience });
        var globals = new Dictionary<string, object?> { ["data"] = new byte[15_000_000] };

        Task<ExecutionResult>[] jobs =
            [.. Enumerable.Range(0, 20).Select((_) => host.RunAsync(TestGate.Script, new RunOptions { Tenant = "a", Globals = globals }))];
        Task<ExecutionResult> other = host.RunAsync(TestGate.Script, new RunOptions { Tenant = "b", Globals = globals });

        // 17 of them are 255 MB. A tenant without a place gets one all the same.
        Assert.Equal(jobs[17..], jobs.Where((job) => job.IsCompleted));
        ExecutionError refused = (await jobs[17]).Error!;
        Assert.Equal(ErrorCode.QueueFull, refused.Code);
        Assert.Contains("globals of 256 MB together", refused.Message, StringComparison.Ordinal);
        launcher.Release();
        _gate.Open();
        ExecutionResult[] results = await Within.Deadline(Task.WhenAll([.. jobs[..17], other]), "all answers", patience);
        Assert.All(results, (result) => Assert.True(result.Success, result.Error?.Message));
        Assert.True((await host.RunAsync("return data.length", new RunOptions { Tenant = "a", Globals = globals })).Success);
    }

    [Fact]
    public async Task A_script_that_many_jobs_run_takes_its_memory_once()
    {
        var launcher = new HeldLauncher(TestLauncher.Real());
        await using EnclaveHost host = Host(SecurityLevel.Standard, launcher, new() { MinWorkers = 0, MaxWorkers = 1, MaxQueueSize = 100 });
        // About 11 bytes for each character.
        string script = $"/*{new string('x', 500_000)}*/ return 1";
        Task<ExecutionResult> first = host.RunAsync(script);
        await Within.Becomes(() => host.GetSnapshot().QueueDepth == 1, "the first job waits");

        Task<ExecutionResult>[] jobs = [.. Enumerable.Range(0, 60).Select((_) => host.RunAsync(script))];

        launcher.Release();
        Assert.All(await Within.Deadline(Task.WhenAll([first, .. jobs]), "all answers"), (result) => Assert.True(result.Success, result.Error?.Message));
    }

    /// <summary>Whatever the sizes, the level and the order of events: a job is refused only if every worker and every place is taken.</summary>
    [Theory]
    [InlineData(SecurityLevel.Secure)]
    [InlineData(SecurityLevel.Standard)]
    public async Task A_refused_job_found_all_workers_and_places_taken(SecurityLevel level)
    {
        var random = new Random(31);
        for (int round = 0; round < TestSize.Of(8, 300); round++)
        {
            int most = random.Next(1, 6), queue = random.Next(0, 5);
            await using var enclave = new TestEnclave((options) =>
            {
                options.SecurityLevel = level;
                options.Adapter = EnclaveAdapter.WorkerPool;
                options.WorkerPool = new()
                {
                    MinWorkers = random.Next(0, most + 1),
                    MaxWorkers = most,
                    SpareWorkers = random.Next(0, most + 1),
                    MaxQueueSize = queue,
                    QueueTimeout = s_patience,
                    MaxExecutionsPerWorker = random.Next(1, 20),
                };
            });
            enclave.When((_) => true).Runs(static (script) => ((HeldJob)script.Run.Options!.Context!).RunAsync(script.Ended));
            var unfinished = new List<HeldJob>();
            for (int step = 0; step < 60; step++)
            {
                if (random.Next(3) > 0)
                {
                    var job = new HeldJob();
                    job.Answer = enclave.Host.RunAsync("return 1", new RunOptions { Tenant = $"tenant {random.Next(4)}", Timeout = s_patience, Context = job });
                    if (!job.Answer.IsCompleted) unfinished.Add(job);
                    else Assert.True(unfinished.Count >= most + queue, $"refused with {unfinished.Count} jobs, {most} workers and {queue} places");
                    string held = $"{most} workers, {queue} places, {unfinished.Count} jobs; {string.Join(", ", unfinished.Select(State))}";
                    Assert.False(unfinished.Any((each) => each.Answer.IsCompleted), $"a job ended that nobody released: {held}");
                    // A tenant without a job in the queue gets a place beyond its size, and a worker that is bound to its tenant takes a job at once.
                    Assert.True(unfinished.Count <= (level == SecurityLevel.Standard ? most + (2 * queue) : 2 * (most + queue)), held);
                }
                else if (unfinished.Count > 0)
                {
                    HeldJob job = await (await Within.Deadline(Task.WhenAny(unfinished.Select((each) => each.Started)), "start of a job"));
                    job.Release();
                    ExecutionResult result = await Within.Deadline(job.Answer, "answer");
                    Assert.True(result.Success, result.Error?.Message);
                    unfinished.Remove(job);
                }
            }
        }
    }

    private static string State(HeldJob job) =>
        job.Answer.IsCompletedSuccessfully ? $"{job.Answer.Result.Error?.Message}" : job.Started.IsCompleted ? "runs" : "waits";

    private EnclaveHost Host(SecurityLevel level, IWorkerLauncher launcher, WorkerPoolOptions pool) => new(
        new EnclaveOptions
        {
            SecurityLevel = level,
            AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = pool with { StartTimeout = TimeSpan.FromSeconds(20) },
            ToolHandler = _gate.Handle,
        }.WithoutGuard(),
        loggerFactory: null,
        launcher);

    /// <summary>A job that runs until the test releases it.</summary>
    private sealed class HeldJob
    {
        private readonly TaskCompletionSource<HeldJob> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<HeldJob> Started => _started.Task;

        public Task<ExecutionResult> Answer { get; set; } = null!;

        public void Release() => _released.TrySetResult();

        public async Task<object?> RunAsync(CancellationToken ended)
        {
            _started.TrySetResult(this);
            await _released.Task.WaitAsync(ended);
            return null;
        }
    }

    /// <summary>Starts no worker before the test says so.</summary>
    private sealed class HeldLauncher(IWorkerLauncher launcher) : IWorkerLauncher
    {
        private readonly Lock _lock = new();
        private readonly List<Action> _held = [];
        private bool _released;

        public Machine Machine => launcher.Machine;

        public void Launch(WorkerSetup setup, Action<IWorkerProcess> started, Action<string, ErrorCode> failed)
        {
            lock (_lock)
            {
                if (!_released)
                {
                    _held.Add(() => launcher.Launch(setup, started, failed));
                    return;
                }
            }

            launcher.Launch(setup, started, failed);
        }

        public void Release()
        {
            lock (_lock) _released = true;
            foreach (Action launch in _held) launch();
        }

        public void ReportTo(ISecurityObserver observer) => launcher.ReportTo(observer);

        public Task StopAsync() => launcher.StopAsync();
    }
}
