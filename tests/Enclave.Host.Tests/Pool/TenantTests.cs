using System.Collections.Concurrent;
using Enclave.Testing;
using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>The assignment of workers if each serves one tenant, and the order of tenants.</summary>
public sealed class TenantTests
{
    private readonly TestGate _gate = new(), _second = new();
    private readonly ConcurrentQueue<RecycleReason> _recycled = [];
    private readonly ManualClock _time = new();

    [Fact]
    public async Task T2_A_worker_serves_one_tenant_in_its_life()
    {
        TestedEngine.NeedsNative("SECURE and STRICT");
        await using var host = Secure((pool) => pool with { MinWorkers = 1, MaxWorkers = 3 });
        var random = new Random(20256);
        var jobs = new List<(string? Tenant, Task<ExecutionResult> Answer)>();
        for (int i = 0; i < TestSize.Of(60, 600); i++)
        {
            string? tenant = random.Next(6) switch { 0 => null, var n => $"tenant {n}" };
            jobs.Add((tenant, host.RunAsync("return 1", For(tenant))));
            if (random.Next(3) == 0) await Within.Deadline(jobs[^1].Answer, "answer");
        }

        var owners = new Dictionary<int, string?>();
        foreach ((string? tenant, Task<ExecutionResult> answer) in jobs)
        {
            ExecutionResult result = await Within.Deadline(answer, $"answer for {tenant ?? "nobody"}");
            Assert.True(result.Success, $"{result.Error?.Code} {result.Error?.Message}");
            Assert.Equal(tenant, owners.GetValueOrDefault(result.Stats.WorkerId, tenant));
            owners[result.Stats.WorkerId] = tenant;
        }
    }

    [Fact]
    public async Task Another_tenants_name_is_never_the_one_without_a_name()
    {
        TestedEngine.NeedsNative("SECURE and STRICT");
        await using var host = Secure((pool) => pool with { MinWorkers = 0, MaxWorkers = 2, SpareWorkers = 0 });

        ExecutionResult nobody = await Run(host, null);
        await Rest(host, 1);
        ExecutionResult named = await Run(host, "none");
        await Rest(host, 2);
        ExecutionResult again = await Run(host, null);

        Assert.NotEqual(nobody.Stats.WorkerId, named.Stats.WorkerId);
        Assert.Equal(nobody.Stats.WorkerId, again.Stats.WorkerId);
    }

    [Fact]
    public async Task A_spare_worker_is_kept_for_a_tenant_that_comes()
    {
        TestedEngine.NeedsNative("SECURE and STRICT");
        await using var host = Secure((pool) => pool with { MinWorkers = 1, MaxWorkers = 4, SpareWorkers = 1 });
        await Run(host, "a");

        // The only worker is now bound, so another one is prepared.
        await Within.Becomes(() => host.GetSnapshot() is { Workers: 2, IdleWorkers: 2 }, "a spare worker was ready");
        ExecutionResult b = await Run(host, "b");

        Assert.Equal(2, b.Stats.WorkerId);
        await Within.Becomes(() => host.GetSnapshot() is { Workers: 3, IdleWorkers: 3 }, "the next spare worker was ready");
    }

    [Fact]
    public async Task A_full_pool_replaces_the_longest_idle_worker_for_a_new_tenant()
    {
        TestedEngine.NeedsNative("SECURE and STRICT");
        await using var host = Secure((pool) => pool with { MinWorkers = 0, MaxWorkers = 2, SpareWorkers = 0 });
        ExecutionResult a = await Run(host, "a");
        await Rest(host, 1);
        _time.Advance(TimeSpan.FromMilliseconds(10));
        ExecutionResult b = await Run(host, "b");
        await Rest(host, 2);
        _time.Advance(TimeSpan.FromMilliseconds(10));

        ExecutionResult c = await Run(host, "c");

        await Rest(host, 2);
        ExecutionResult bAgain = await Run(host, "b");
        Assert.Equal(3, c.Stats.WorkerId);
        Assert.Equal(b.Stats.WorkerId, bAgain.Stats.WorkerId);
        await Within.Becomes(() => _recycled.Count == 1, "one worker was replaced", () => string.Join(", ", _recycled));
        Assert.Equal([RecycleReason.Tenant], _recycled);
        Assert.NotEqual(a.Stats.WorkerId, c.Stats.WorkerId);
    }

    [Theory]
    [InlineData(SecurityLevel.Secure)]
    [InlineData(SecurityLevel.Standard)]
    public async Task T6_A_tenant_gets_its_turn_before_anothers_backlog_ends(SecurityLevel level)
    {
        HigherLevels.NeedNative(level);
        await using var host = Host(level, (pool) => pool with { MinWorkers = 1, MaxWorkers = 1, SpareWorkers = 0, MaxQueueSize = 20 });
        var order = new ConcurrentQueue<string>();
        Task<ExecutionResult> first = host.RunAsync(TestGate.Script, For("a"));
        await _gate.Arrival();
        Task[] backlog = [.. Enumerable.Range(0, 20).Select((_) => Noted("a"))];
        // The queue is full, but a tenant without a waiting run still gets a place.
        Task other = Noted("b");

        _gate.Open();

        await Within.Deadline(other, "answer for the other tenant");
        Assert.InRange(order.Count((tenant) => tenant == "a"), 0, 3);
        await Within.Deadline(Task.WhenAll([first, .. backlog]), "end of the backlog");

        async Task Noted(string tenant)
        {
            ExecutionResult result = await host.RunAsync($"await callTool('{tenant}', {{}}); return 1", For(tenant) with { OnConsole = null, Context = order });
            Assert.True(result.Success, $"{result.Error?.Code} {result.Error?.Message}");
        }
    }

    [Fact]
    public async Task T6_A_tenant_waits_only_in_its_share_of_the_queue()
    {
        await using var host = Host(SecurityLevel.Standard, (pool) => pool with { MinWorkers = 1, MaxWorkers = 1, MaxQueueSize = 10, MaxQueuedPerTenant = 2 });
        Task<ExecutionResult> running = host.RunAsync(TestGate.Script, For("a"));
        await _gate.Arrival();
        Task<ExecutionResult>[] queued = [host.RunAsync("return 1", For("a")), host.RunAsync("return 1", For("a"))];

        ExecutionResult refused = await Run(host, "a");
        Task<ExecutionResult> other = host.RunAsync("return 1", For("b"));

        Assert.Equal(ErrorCode.ShareFull, refused.Error?.Code);
        Assert.Contains("MaxQueuedPerTenant", refused.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(2, refused.Error.Data!["queueDepth"]);
        _gate.Open();
        Assert.All(await Within.Deadline(Task.WhenAll([running, other, .. queued]), "all answers"), (result) => Assert.True(result.Success));
    }

    [Fact]
    public async Task A_tenant_holds_only_its_share_of_the_workers()
    {
        await using var host = Host(SecurityLevel.Standard, (pool) => pool with { MinWorkers = 2, MaxWorkers = 2, MaxWorkersPerTenant = 1 });
        Task<ExecutionResult> running = host.RunAsync(TestGate.Script, For("a"));
        await _gate.Arrival();
        Task<ExecutionResult> waiting = host.RunAsync("return 1", For("a"));

        ExecutionResult other = await Run(host, "b");

        Assert.True(other.Success);
        Assert.Equal(1, host.GetSnapshot().QueueDepth);
        Assert.False(waiting.IsCompleted);
        _gate.Open();
        Assert.All(await Within.Deadline(Task.WhenAll(running, waiting), "both answers"), (result) => Assert.True(result.Success));
    }

    [Fact]
    public async Task T6_The_worker_that_has_rested_longest_is_left_to_tenants_that_have_none()
    {
        await using var host = Host(SecurityLevel.Standard, (pool) => pool with { MinWorkers = 3, MaxWorkers = 3 });
        await host.WarmUpAsync();
        await Within.Becomes(() => host.GetSnapshot().IdleWorkers == 3, "all workers were idle");
        Task<ExecutionResult> holds = host.RunAsync(TestGate.Script, For("a"));
        await _gate.Arrival();

        int?[] others = [(await Run(host, "a")).Stats.WorkerId, (await Run(host, "a")).Stats.WorkerId, (await Run(host, "a")).Stats.WorkerId];
        ExecutionResult other = await Run(host, "b");

        Assert.Single(others.Distinct());
        Assert.DoesNotContain(other.Stats.WorkerId, others);
        _gate.Open();
        Assert.True((await Within.Deadline(holds, "the first answer")).Success);
    }

    [Fact]
    public async Task T6_A_pool_whose_cores_are_all_busy_keeps_a_worker_that_rests()
    {
        int cores = Environment.ProcessorCount;
        await using var host = Host(SecurityLevel.Standard, (pool) => pool with { MinWorkers = 1, MaxWorkers = cores + 1 });
        using var end = new CancellationTokenSource();
        Task[] flood = [.. Enumerable.Range(0, cores * 4).Select((_) => Task.Run(async () =>
        {
            while (!end.IsCancellationRequested) Assert.True((await Run(host, "a")).Success);
        }))];

        await Within.Becomes(() => host.GetSnapshot().Workers == cores + 1, "there was a worker beyond the cores");

        await end.CancelAsync();
        await Within.Deadline(Task.WhenAll(flood), "end of the flood");
    }

    [Fact]
    public async Task T6_Tenants_without_a_worker_go_first()
    {
        var order = new ConcurrentQueue<string>();
        await using var host = Host(SecurityLevel.Standard, (pool) => pool with { MinWorkers = 2, MaxWorkers = 2 });
        await host.WarmUpAsync();
        Task<ExecutionResult> holds = host.RunAsync(TestGate.Script, For("a"));
        await _gate.Arrival();
        Task<ExecutionResult> ends = host.RunAsync("await callTool('second', {}); return 1", For("a"));
        await _second.Arrival();
        Task<ExecutionResult>[] queued =
            [.. new[] { "a", "a", "b" }.Select((tenant) => host.RunAsync($"await callTool('{tenant}', {{}}); return 1", For(tenant) with { Context = order }))];
        Assert.Equal(3, host.GetSnapshot().QueueDepth);

        _second.Open();
        await Within.Deadline(Task.WhenAll([ends, .. queued]), "all answers but the first");

        Assert.Equal(["b", "a", "a"], order);
        _gate.Open();
        Assert.True((await Within.Deadline(holds, "the first answer")).Success);
    }

    /// <summary>A worker whose memory is compared after an answer is not idle yet, and another one could be replaced in its place.</summary>
    private static Task Rest(EnclaveHost host, int workers) =>
        Within.Becomes(() => host.GetSnapshot().IdleWorkers == workers, $"{workers} workers were idle", () => $"{host.GetSnapshot()}");

    private EnclaveHost Secure(Func<WorkerPoolOptions, WorkerPoolOptions> pool) => Host(SecurityLevel.Secure, pool);

    private EnclaveHost Host(SecurityLevel level, Func<WorkerPoolOptions, WorkerPoolOptions> pool) => new(new EnclaveOptions
    {
        SecurityLevel = level,
        AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
        Adapter = EnclaveAdapter.WorkerPool,
        WorkerPool = pool(new WorkerPoolOptions { MaxQueueSize = 1000, StartTimeout = TimeSpan.FromSeconds(20) }),
        TimeProvider = _time,
        OnWorkerRecycled = _recycled.Enqueue,
        ToolHandler = (name, args, context) =>
        {
            (context.Context as ConcurrentQueue<string>)?.Enqueue(name);
            return name == "second" ? _second.Handle("gate", args, context) : _gate.Handle(name, args, context);
        },
    });

    private static RunOptions For(string? tenant) => new() { Tenant = tenant };

    private static Task<ExecutionResult> Run(EnclaveHost host, string? tenant) =>
        Within.Deadline(host.RunAsync("return 1", For(tenant)), $"answer for {tenant ?? "nobody"}");
}
