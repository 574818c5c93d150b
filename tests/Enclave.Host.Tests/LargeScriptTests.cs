using Enclave.Runs;
using Enclave.Testing;
using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>Large scripts are checked on only some of the machine's cores, so that the other cores keep answering.</summary>
public sealed class LargeScriptTests
{
    private static readonly string s_large =
        "const x = 'a';\n" + string.Concat(Enumerable.Repeat("x.length + x.length;\n", LargeScripts.Least / 20)) + "return x";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task No_more_than_half_of_the_cores_examine_large_scripts()
    {
        int places = Math.Max(1, Environment.ProcessorCount / 2), inside = 0, most = 0;
        using var gate = new ManualResetEventSlim();
        Task<int>[] all = [.. Enumerable.Range(0, places + 8).Select((i) => LargeScripts.RunAsync(() =>
        {
            int now = Interlocked.Increment(ref inside);
            InterlockedMax(ref most, now);
            gate.Wait();
            Interlocked.Decrement(ref inside);
            return i;
        }, default))];
        using var gone = new CancellationTokenSource();
        Task<int> last = LargeScripts.RunAsync(() => -1, gone.Token);

        await Within.Becomes(() => Volatile.Read(ref inside) == places, "all places are taken");
        // A caller that gives up while waiting takes no place.
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => last);
        gate.Set();

        Assert.Equal(Enumerable.Range(0, places + 8), await Within.Deadline(Task.WhenAll(all), "end of all examinations"));
        Assert.Equal(places, most);
    }

    [Fact]
    public async Task A_large_script_runs_as_a_small_one_does()
    {
        Assert.True(s_large.Length > LargeScripts.Least);
        await using var host = new EnclaveHost(new EnclaveOptions());

        ExecutionResult result = await host.RunAsync(s_large);
        ExecutionResult refused = await host.RunAsync(s_large + "; eval('1')");

        Assert.Equal("\"a\"", result.Value.ToJsonString());
        Assert.Equal(ErrorCode.ValidationError, refused.Error?.Code);
    }

    [Fact]
    public async Task A_caller_that_goes_away_has_no_script_examined()
    {
        await using var host = new EnclaveHost(new EnclaveOptions());
        using var gone = new CancellationTokenSource();
        using var held = new ManualResetEventSlim();
        Task<int>[] others = Occupy(held);

        Task<ExecutionResult> run = host.RunAsync(s_large, null, gone.Token);
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Within.Deadline(run, "end of the run"));
        held.Set();
        await Within.Deadline(Task.WhenAll(others), "end of the others");
    }

    [Fact]
    public async Task A_large_script_waits_for_its_examination_no_longer_than_the_queue_allows()
    {
        var time = new ManualClock();
        await using EnclaveHost host = Host(time, queue: 1);
        using var held = new ManualResetEventSlim();
        Task<int>[] others = Occupy(held);

        Task<ExecutionResult> run = host.RunAsync(s_large);
        time.Advance(s_patience);
        ExecutionResult result = await Within.Deadline(run, "end of the run");

        Assert.Equal(ErrorCode.QueueTimeout, result.Error?.Code);
        Assert.Equal(s_patience, result.Stats.QueueWait);
        Assert.Contains("QueueTimeout", result.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(0, result.Error.Data!["queueDepth"]);
        held.Set();
        await Within.Deadline(Task.WhenAll(others), "end of the others");
    }

    [Fact]
    public async Task No_more_large_scripts_wait_than_jobs_may()
    {
        await using EnclaveHost host = Host(new ManualClock(), queue: 1);
        using var held = new ManualResetEventSlim();
        Task<int>[] others = Occupy(held);

        Task<ExecutionResult> waits = host.RunAsync(s_large);
        ExecutionResult refused = await Within.Deadline(host.RunAsync(s_large), "end of the second run");
        held.Set();

        Assert.Equal(ErrorCode.QueueFull, refused.Error?.Code);
        Assert.Equal("\"a\"", (await Within.Deadline(waits, "end of the first run")).Value.ToJsonString());
        Assert.True((await Within.Deadline(host.RunAsync(s_large), "end of the third run")).Success);
        await Within.Deadline(Task.WhenAll(others), "end of the others");
    }

    [Fact]
    public async Task Large_scripts_that_wait_hold_a_quarter_of_a_gigabyte_together()
    {
        await using EnclaveHost host = Host(new ManualClock(), queue: 100);
        using var held = new ManualResetEventSlim();
        Task<int>[] others = Occupy(held);
        var globals = new RunOptions { Globals = new Dictionary<string, object?> { ["data"] = new byte[15_000_000] } };

        Task<ExecutionResult>[] runs = [.. Enumerable.Range(0, 20).Select((_) => host.RunAsync(s_large, globals))];
        Task<ExecutionResult>[] refused = [.. runs.Where((run) => run.IsCompleted)];
        held.Set();

        Assert.InRange(refused.Length, 3, 4);
        Assert.All(refused, (run) => Assert.Contains("they hold 256 MB with their globals", run.Result.Error!.Message, StringComparison.Ordinal));
        Assert.All(await Within.Deadline(Task.WhenAll(runs.Except(refused)), "end of the others"), (run) => Assert.True(run.Success, run.Error?.Message));
        await Within.Deadline(Task.WhenAll(others), "end of the others");
    }

    [Fact]
    public async Task A_tenant_waits_with_no_more_large_scripts_than_its_share_of_the_queue()
    {
        await using EnclaveHost host = Host(new ManualClock(), queue: 10, perTenant: 1);
        using var held = new ManualResetEventSlim();
        Task<int>[] others = Occupy(held);
        var loud = new RunOptions { Tenant = "loud" };

        Task<ExecutionResult> waits = host.RunAsync(s_large, loud);
        ExecutionResult refused = await Within.Deadline(host.RunAsync(s_large, loud), "end of the tenant's second run");
        Task<ExecutionResult> other = host.RunAsync(s_large, new RunOptions { Tenant = "other" });
        held.Set();

        Assert.Equal(ErrorCode.ShareFull, refused.Error?.Code);
        Assert.Contains("MaxQueuedPerTenant 1", refused.Error!.Message, StringComparison.Ordinal);
        Assert.All(await Within.Deadline(Task.WhenAll(waits, other), "end of the runs that waited"), (result) => Assert.True(result.Success));
        Assert.True((await Within.Deadline(host.RunAsync(s_large, loud), "end of the tenant's next run")).Success);
        await Within.Deadline(Task.WhenAll(others), "end of the others");
    }

    private static EnclaveHost Host(ManualClock time, int queue, int? perTenant = null) => new(new EnclaveOptions
    {
        Adapter = EnclaveAdapter.WorkerPool,
        WorkerPool = new WorkerPoolOptions
        {
            MinWorkers = 1,
            MaxWorkers = 1,
            MaxQueueSize = queue,
            MaxQueuedPerTenant = perTenant,
            QueueTimeout = s_patience,
            MaxMessageBytes = 16 << 20,
        },
        TimeProvider = time,
    });

    /// <summary>Takes all places until the event is set.</summary>
    private static Task<int>[] Occupy(ManualResetEventSlim held)
    {
        int places = Math.Max(1, Environment.ProcessorCount / 2);
        return [.. Enumerable.Range(0, places).Select((i) => LargeScripts.RunAsync(() => { held.Wait(); return i; }, default))];
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (int seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
        {
            if (Interlocked.CompareExchange(ref most, value, seen) == seen) return;
        }
    }
}
