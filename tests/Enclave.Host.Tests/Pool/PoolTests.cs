using System.Collections.Concurrent;
using System.Globalization;
using Enclave.Isolation;
using Enclave.Processes;
using Enclave.Testing;
using Enclave.Tests;
using Enclave.Workers;
using Microsoft.Extensions.Logging;

namespace Enclave.Host.Tests;

/// <summary>The number of workers, their lifetime, and the events for their owner.</summary>
public sealed class PoolTests
{
    private readonly TestGate _gate = new();
    private readonly ManualClock _time = new();
    private readonly ConcurrentQueue<RecycleReason> _recycled = [];
    private readonly TestLauncher _launcher = new(TestLauncher.Real());

    [Fact]
    public async Task T3_A_worker_runs_exactly_its_number_of_jobs()
    {
        await using (EnclaveHost host = Host((pool) => pool with { MinWorkers = 1, MaxWorkers = 1, MaxExecutionsPerWorker = 5 }))
        {
            var jobs = new Dictionary<int, int>();
            for (int i = 0; i < 20; i++)
            {
                ExecutionResult result = await Run(host);
                jobs[result.Stats.WorkerId] = jobs.GetValueOrDefault(result.Stats.WorkerId) + 1;
            }

            // The replacement starts before the last job, so a worker may have one job left when the test ends. None exceeds its number.
            Assert.All(jobs.Values, (count) => Assert.InRange(count, 1, 5));
            Assert.InRange(jobs.Values.Count((count) => count == 5), 2, 4);
            // A worker that is still starting when the host is disposed never served anyone, so there is no event about it.
            await Within.Becomes(() => host.GetSnapshot() is { StartingWorkers: 0, ActiveWorkers: 0, IdleWorkers: > 0 }, "no worker was starting");
        }

        // Each end has one event: some workers reached their number of jobs, the others were disposed.
        Assert.Equal(_launcher.Pids.Length, _recycled.Count);
        Assert.InRange(_recycled.Count((reason) => reason == RecycleReason.Executions), 2, 4);
        Assert.All(_recycled, (reason) => Assert.True(reason is RecycleReason.Executions or RecycleReason.Disposed, reason.ToString()));
    }

    [Fact]
    public async Task A_worker_near_its_end_has_one_replacement()
    {
        await using EnclaveHost host = Host((pool) => pool with { MinWorkers = 1, MaxWorkers = 8, MaxExecutionsPerWorker = 200 });

        // The last ten of 200 are near the end.
        for (int i = 0; i < 199; i++) Assert.True((await Run(host)).Success);

        Assert.InRange(_launcher.Launches, 1, 2);
    }

    [Fact]
    public async Task A_replacement_gives_way_to_jobs_until_one_waits_for_it()
    {
        TestedEngine.NeedsNative("a low priority for workers that start ahead");
        // The replacement says hello, but never becomes ready.
        var silent = new ConfinedLauncher(IsolationPlan.For(SecurityLevel.Standard, Machine.This, Enum.GetValues<IsolationLayer>()), "hello", "read-on");
        var launcher = new TestLauncher(TestLauncher.Real(), silent);
        await using EnclaveHost host = Host((pool) => pool with { MinWorkers = 1, MaxWorkers = 1, MaxExecutionsPerWorker = 10 }, launcher: launcher);
        await host.WarmUpAsync();
        Assert.Equal(StartPace.AtOnce, Pace());
        for (int i = 0; i < 9; i++) Assert.True((await Run(host)).Success);
        await Within.Becomes(() => launcher.Living.Length == 2 && Pace() == StartPace.Aside, "the replacement was started");

        Assert.True((await Run(host)).Success);
        Task<ExecutionResult> waiting = host.RunAsync("return 1");

        await Within.Becomes(() => Pace() == StartPace.AtOnce, "the replacement was hastened");
        Assert.False(waiting.IsCompleted);

        StartPace Pace() => ((IWorkerProcess)launcher.Living[^1]).Confinement!.Pace;
    }

    [Fact]
    public async Task Memory_that_a_job_has_left_is_given_back_while_the_next_one_runs()
    {
        TestedEngine.NeedsNative("memory that is given back after a run");
        await using EnclaveHost host = Host((pool) => pool with { MinWorkers = 1, MaxWorkers = 1 });
        await host.WarmUpAsync();
        ChildProcess worker = Assert.Single(_launcher.Living);
        long before = worker.ReadResident().Own;

        Task<ExecutionResult> large = host.RunAsync(
            "const a = []; for (let i = 0; i < 4e6; i++) a.push(i * 1.5); return a.length", new RunOptions { MaxIterations = 5_000_000 });
        Task<ExecutionResult> next = host.RunAsync(TestGate.Script);
        Assert.True((await Within.Deadline(large, "the large job's answer")).Success);
        await _gate.Arrival();

        await Within.Becomes(
            () => worker.ReadResident().Own < before + (16 << 20),
            "the large job's memory was given back",
            () => $"{worker.ReadResident()} bytes, {before} before it");
        _gate.Open();
        Assert.True((await Within.Deadline(next, "the next job's answer")).Success);
    }

    [Fact]
    public async Task Pages_of_the_engines_files_are_not_a_workers_own_memory()
    {
        TestedEngine.NeedsNative("memory of a worker without the engine's files");
        await using EnclaveHost host = Host((pool) => pool with { MinWorkers = 1, MaxWorkers = 1 });
        Assert.True((await Run(host)).Success);
        ChildProcess worker = Assert.Single(_launcher.Living);

        long Kilobytes(string name) => File.ReadLines($"/proc/{worker.Pid}/status").Where((line) => line.StartsWith(name, StringComparison.Ordinal))
            .Select((line) => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)).Single();

        // It rests: the kernel's figures stand still, but for what it has not added up yet.
        await Within.Becomes(() => Math.Abs(worker.ReadResident().Own - (Kilobytes("RssAnon:") << 10)) < 1 << 20, "its own memory was that without files");
        Assert.InRange(worker.ReadResident().Files, 4 << 20, long.MaxValue);
        Assert.InRange(worker.OtherBytes, Kilobytes("VmPTE:") << 9, Kilobytes("VmPTE:") << 11);
    }

    [Fact]
    public async Task An_old_worker_is_replaced()
    {
        await using EnclaveHost host = Host(
            (pool) => pool with { MinWorkers = 1, MaxWorkers = 1, MaxWorkerAge = TimeSpan.FromHours(1), IdleTimeout = TimeSpan.FromDays(1) });
        ExecutionResult young = await Run(host);
        await Within.Becomes(() => host.GetSnapshot().IdleWorkers == 1, "the worker was idle");

        _time.Advance(TimeSpan.FromHours(1.3));

        await Within.Becomes(() => _recycled.Contains(RecycleReason.Age), "the old worker went");
        ExecutionResult next = await Run(host);
        Assert.True(next.Success, next.Error?.Message);
        Assert.NotEqual(young.Stats.WorkerId, next.Stats.WorkerId);
    }

    [Fact]
    public async Task A_pool_grows_with_its_load_and_shrinks_when_idle()
    {
        await using EnclaveHost host = Host((pool) => pool with { MinWorkers = 1, MaxWorkers = 3, IdleTimeout = TimeSpan.FromMinutes(1) });
        Task<ExecutionResult>[] jobs = [.. Enumerable.Range(0, 5).Select((_) => host.RunAsync(TestGate.Script))];
        for (int i = 0; i < 3; i++) await _gate.Arrival();
        Assert.Equal(3, host.GetSnapshot().ActiveWorkers);
        Assert.Equal(2, host.GetSnapshot().QueueDepth);

        _gate.Open();
        Assert.All(await Within.Deadline(Task.WhenAll(jobs), "all answers"), (result) => Assert.True(result.Success));
        await Within.Becomes(() => host.GetSnapshot().IdleWorkers == 3, "all workers were idle");
        _time.Advance(TimeSpan.FromMinutes(3));

        Assert.Equal(1, host.GetSnapshot().Workers);
        await Within.Becomes(() => _recycled.Count == 2, "both ends were told");
        Assert.All(_recycled, (reason) => Assert.Equal(RecycleReason.Idle, reason));
        Assert.True((await Run(host)).Success);
    }

    [Fact]
    public async Task T1_Nothing_of_a_job_is_left_for_the_next()
    {
        await using EnclaveHost host = Host((pool) => pool with { MinWorkers = 1, MaxWorkers = 1 });
        ExecutionResult first = await Run(host, """
            globalThis.left = 1; var alsoLeft = 2; leftToo = 3;
            Object.prototype.left = 4; Array.prototype.map = () => 'stolen'; JSON.stringify = () => 'stolen'; Promise.prototype.then = undefined;
            /(le)(ft)/.exec('left'); Symbol.for('left').description;
            Object.defineProperty(globalThis, 'console', { value: null });
            console = null; callTool = () => 'stolen';
            return 'done';
            """);

        ExecutionResult second = await Run(host, """
            console.log('heard');
            const tool = await callTool('echo', { a: 1 });
            return [typeof left, typeof alsoLeft, typeof leftToo, ({}).left === undefined, [1].map((x) => x + 1)[0], JSON.stringify({ a: 1 }),
              RegExp.$1, RegExp.lastMatch, tool.a].join();
            """);

        Assert.Equal(first.Stats.WorkerId, second.Stats.WorkerId);
        Assert.True(second.Success, second.Error?.Message);
        Assert.Equal("undefined,undefined,undefined,true,2,{\"a\":1},,,1", second.Value.AsString());
        Assert.Equal("heard\n", second.Stdout);
    }

    [Theory]
    [InlineData("for(;;){}", ErrorCode.Timeout)]
    [InlineData("const a = []; for(;;) a.push(new Array(1000).fill(a.length))", ErrorCode.MemoryLimitExceeded)]
    [InlineData("for (let i = 0; i < 200; i++) console.log(i)", ErrorCode.OutputLimit)]
    [InlineData("for(;;) await callTool('echo', {})", ErrorCode.MaxToolCalls)]
    public async Task T4_A_worker_that_met_a_limit_is_never_used_again(string code, ErrorCode limit)
    {
        await using EnclaveHost host = Host(
            (pool) => pool with { MinWorkers = 1, MaxWorkers = 1 },
            (options) => (options.Timeout, options.MaxConsoleCalls, options.MaxToolCalls, options.MemoryLimit) = (TimeSpan.FromSeconds(5), 100, 10, 16 << 20));
        if (limit == ErrorCode.Timeout) await Run(host);

        ExecutionResult poisoned = await Within.Deadline(
            host.RunAsync(code, new RunOptions { Timeout = limit == ErrorCode.Timeout ? TimeSpan.FromMilliseconds(100) : null }), "answer");
        ExecutionResult next = await Run(host);

        Assert.Equal(limit, poisoned.Error?.Code);
        Assert.True(next.Success, next.Error?.Message);
        Assert.NotEqual(poisoned.Stats.WorkerId, next.Stats.WorkerId);
        await ProcessTable.Gone(_launcher.Pids[0], "the poisoned worker");
        RecycleReason reason = limit == ErrorCode.Timeout ? RecycleReason.Time
            : limit == ErrorCode.MemoryLimitExceeded ? RecycleReason.Memory : RecycleReason.Poisoned;
        await Within.Becomes(() => _recycled.Contains(reason), "its end was told");
        PoolSnapshot pool = host.GetSnapshot();
        Assert.Equal((1, pool.Recycled), (pool.RecycledBy[reason], pool.RecycledBy.Values.Sum()));
    }

    /// <summary>It resets itself: what its last run held says nothing about the next one.</summary>
    [Fact]
    public async Task A_worker_whose_run_held_more_than_its_own_limit_is_kept()
    {
        await using EnclaveHost host = Host(
            (pool) => pool with { MinWorkers = 1, MaxWorkers = 1, MemoryLimitPerWorker = 16 << 20 }, (options) => options.MemoryLimit = 16 << 20);
        await host.WarmUpAsync();

        // Buffers and heap are within the run's limit each. Together they are above the worker's, by less than what ends the run.
        ExecutionResult large = await Run(host, """
            const bytes = new Uint8Array(12 << 20).fill(1), numbers = [];
            for (let i = 0; i < 8e5; i++) numbers.push(i * 1.5);
            return bytes.length + numbers.length;
            """);
        ExecutionResult next = await Run(host);

        Assert.True(large.Success, large.Error?.Message);
        Assert.Equal(large.Stats.WorkerId, next.Stats.WorkerId);
    }

    [Fact]
    public async Task A_script_that_throws_keeps_its_worker()
    {
        await using EnclaveHost host = Host((pool) => pool with { MinWorkers = 1, MaxWorkers = 1 });

        ExecutionResult thrown = await Run(host, "throw new Error('mine')"), next = await Run(host);

        Assert.Equal(ErrorCode.RuntimeError, thrown.Error?.Code);
        Assert.Equal(thrown.Stats.WorkerId, next.Stats.WorkerId);
    }

    [Fact]
    public async Task Statistics_come_once_a_second_and_the_last_is_not_lost()
    {
        var reports = new ConcurrentQueue<(long Time, PoolSnapshot Snapshot)>();
        await using EnclaveHost host = Host(
            (pool) => pool with { MinWorkers = 1, MaxWorkers = 1 },
            (options) => options.OnStatsUpdate = (snapshot) => reports.Enqueue((_time.GetTimestamp(), snapshot)));
        for (int i = 0; i < 50; i++)
        {
            await Run(host);
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        await Within.Becomes(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return reports.Any((report) => report.Snapshot is { Submitted: 50, Settled: 50, ActiveWorkers: 0 });
            },
            "the last job was reported");
        long[] times = [.. reports.Select((report) => report.Time)];
        Assert.All(times.Zip(times.Skip(1)), (pair) => Assert.True(pair.Second - pair.First >= TimeSpan.TicksPerSecond, "two reports within a second"));
    }

    [Fact]
    public async Task A_queue_that_came_and_went_between_two_reports_is_reported()
    {
        var reports = new ConcurrentQueue<PoolSnapshot>();
        await using EnclaveHost host = Host((pool) => pool with { MinWorkers = 1, MaxWorkers = 1 }, (options) => options.OnStatsUpdate = reports.Enqueue);
        await Run(host);
        // The first report is behind us, so the next one is due in a second.
        await Within.Becomes(() => Advanced(TimeSpan.FromSeconds(2)) && reports.Any((report) => report is { Settled: 1, QueueDepth: 0 }), "the first report");

        Task<ExecutionResult>[] jobs = [.. Enumerable.Range(0, 4).Select((_) => host.RunAsync(TestGate.Script))];
        await _gate.Arrival();
        _time.Advance(TimeSpan.FromMilliseconds(700));
        _gate.Open();
        await Within.Deadline(Task.WhenAll(jobs), "all answers");

        await Within.Becomes(
            () => Advanced(TimeSpan.FromSeconds(1)) && reports.Any((report) => report.Settled == 5), "the last job was reported");
        Assert.Equal(3, reports.Max((report) => report.PeakQueueDepth));
        Assert.Equal(0, host.GetSnapshot().PeakQueueDepth);

        bool Advanced(TimeSpan time)
        {
            _time.Advance(time);
            return true;
        }
    }

    [Fact]
    public async Task Callbacks_that_throw_are_survived()
    {
        int called = 0;
        await using EnclaveHost host = Host((pool) => pool with { MinWorkers = 1, MaxWorkers = 1, MaxExecutionsPerWorker = 1 }, (options) =>
        {
            options.OnWorkerRecycled = (_) => Throw();
            options.OnStatsUpdate = (_) => Throw();
        });

        for (int i = 0; i < 3; i++)
        {
            ExecutionResult result = await Within.Deadline(
                host.RunAsync("console.log('x'); return 1", new RunOptions { OnConsole = (_) => Throw() }), "answer");
            Assert.True(result.Success, result.Error?.Message);
        }

        await Within.Becomes(() => Volatile.Read(ref called) >= 6, "each callback was called");

        void Throw()
        {
            Interlocked.Increment(ref called);
            throw new InvalidOperationException("a callback's own trouble");
        }
    }

    [Fact]
    public async Task A_job_given_to_a_dying_worker_gets_another()
    {
        // The worker's thread is blocked while it logs the worker's death: the worker is dead, and the pool does not know it yet.
        using var log = new DeathLog();
        await using EnclaveHost host = Host((pool) => pool with { MinWorkers = 1, MaxWorkers = 2 }, log: log);
        await Run(host);
        await Within.Becomes(() => host.GetSnapshot().IdleWorkers == 1, "the worker was idle");
        ProcessTable.Signal(_launcher.Pids[0], ProcessTable.Kill);
        await Within.Deadline(log.Reached, "message of the worker's death");

        ExecutionResult result = await Run(host);

        Assert.True(result.Success, result.Error?.Message);
        Assert.NotEqual(1, result.Stats.WorkerId);
        log.Continue();
    }

    [Fact]
    public async Task A_job_given_to_a_dying_worker_does_not_wait_for_ever()
    {
        using var log = new DeathLog();
        await using EnclaveHost host = Host((pool) => pool with { MinWorkers = 1, MaxWorkers = 1, QueueTimeout = TimeSpan.FromSeconds(30) }, log: log);
        await Run(host);
        await Within.Becomes(() => host.GetSnapshot().IdleWorkers == 1, "the worker was idle");
        ProcessTable.Signal(_launcher.Pids[0], ProcessTable.Kill);
        await Within.Deadline(log.Reached, "message of the worker's death");
        Task<ExecutionResult> job = host.RunAsync("return 1");
        Assert.Equal(1, host.GetSnapshot().QueueDepth);

        _time.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal(ErrorCode.QueueTimeout, (await Within.Deadline(job, "answer")).Error?.Code);
        log.Continue();
    }

    private EnclaveHost Host(
        Func<WorkerPoolOptions, WorkerPoolOptions> pool, Action<EnclaveOptions>? change = null, ILoggerFactory? log = null, IWorkerLauncher? launcher = null)
    {
        var options = new EnclaveOptions
        {
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = pool(new WorkerPoolOptions { StartTimeout = TimeSpan.FromSeconds(20) }),
            TimeProvider = _time,
            ToolHandler = _gate.Handle,
            OnWorkerRecycled = _recycled.Enqueue,
        };
        change?.Invoke(options);
        return new EnclaveHost(options.WithoutGuard(), log, launcher ?? _launcher);
    }

    private static Task<ExecutionResult> Run(EnclaveHost host, string code = "return 1") => Within.Deadline(host.RunAsync(code), $"answer to {code}");

    /// <summary>A log that blocks the first thread that reports a worker's death.</summary>
    private sealed class DeathLog : ILoggerFactory, ILogger
    {
        private const int WorkerGone = 2;

        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _continue = new();

        public Task Reached => _reached.Task;

        public void Continue() => _continue.Set();

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id != WorkerGone || !_reached.TrySetResult()) return;
            _continue.Wait(TimeSpan.FromSeconds(60));
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public void Dispose() => Continue();
    }
}
