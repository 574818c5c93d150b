using Enclave.Protocol;
using Enclave.Sidecar;
using Enclave.Testing;
using Enclave.Tests;

namespace Enclave.Host.Tests.Sidecar;

/// <summary>Stores that fail in every possible way: each step ends with its code, within its deadline, and nothing is lost or duplicated.</summary>
public sealed class SidecarFaultTests
{
    private static readonly TimeSpan s_soon = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task A_store_that_throws_fails_the_step_and_its_words_stay_in_the_host()
    {
        var store = new FaultyStore();
        await using var bench = new SidecarBench((options) => options with { Storage = store });
        ReferenceRun run = bench.Begin();
        ScriptValue reference = await SidecarBench.Give(run, SidecarBench.Text(2000));
        store.Fault = () => throw new IOException("redis://secret-host:6379 refused");

        foreach (Func<Task> step in (Func<Task>[])[
            () => SidecarBench.Give(run, SidecarBench.Text(2000)), () => SidecarBench.Load(run, reference), () => SidecarBench.Take(run, reference)])
        {
            ToolException fault = await Assert.ThrowsAsync<ToolException>(step);
            Assert.Equal("REFERENCE_STORE_FAILED", fault.Code);
            Assert.DoesNotContain("secret-host", fault.ToString(), StringComparison.Ordinal);
        }

        ExecutionResult result = await SidecarBench.End(run, reference);
        Assert.Equal((ErrorCode.ToolError, "REFERENCE_STORE_FAILED"), (result.Error!.Code, result.Error.Data!["code"]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_store_that_never_answers_is_left_when_its_time_is_up(bool blocking)
    {
        using var never = new ManualResetEventSlim();
        var gate = new TaskCompletionSource();
        var store = new FaultyStore();
        await using var bench = new SidecarBench((options) => options with { Storage = store, StorageTimeout = s_soon });
        ReferenceRun run = bench.Begin();
        ScriptValue reference = await SidecarBench.Give(run, SidecarBench.Text(2000));
        store.Fault = () =>
        {
            if (blocking) never.Wait(TestContext.Current.CancellationToken);
            return gate.Task;
        };

        Assert.Equal("REFERENCE_STORE_FAILED", await SidecarBench.CodeOf(() => Within.Deadline(SidecarBench.Load(run, reference), "end of load")));
        Assert.Equal("REFERENCE_STORE_FAILED", await SidecarBench.CodeOf(
            () => Within.Deadline(SidecarBench.Give(run, SidecarBench.Text(2000)), "end of a tool call")));
        ExecutionResult result = await Within.Deadline(SidecarBench.End(run, reference), "end of the run");
        Assert.Contains("within 100 ms (Sidecar.StorageTimeout)", result.Error!.Message, StringComparison.Ordinal);
        never.Set();
        gate.SetResult();
    }

    [Fact]
    public async Task A_value_that_arrives_in_the_store_when_nobody_waits_any_more_is_removed()
    {
        var gate = new TaskCompletionSource();
        var store = new FaultyStore { Fault = () => gate.Task };
        await using var bench = new SidecarBench((options) => options with { Storage = store, StorageTimeout = s_soon });
        Assert.Equal("REFERENCE_STORE_FAILED", await SidecarBench.CodeOf(() => SidecarBench.Give(bench.Begin(), SidecarBench.Text(2000))));

        gate.SetResult();

        await Within.Becomes(
            () => store is { Sets: 1, Memory.Count: 0 }, "the late value is gone", () => $"{store.Sets} were set, {store.Memory.Count} are there");
    }

    [Fact]
    public async Task Of_several_values_all_are_kept_or_none()
    {
        var store = new FaultyStore();
        await using var bench = new SidecarBench((options) => options with { Storage = store, MaxReferences = 3 });
        ReferenceRun run = bench.Begin();
        store.Fault = () => store.Sets < 2 ? Task.CompletedTask : throw new IOException("full");

        Assert.Equal("REFERENCE_STORE_FAILED", await SidecarBench.CodeOf(
            () => SidecarBench.Give(run, ScriptValue.From(Enumerable.Range(0, 3).Select((_) => new string('x', 2000))))));

        store.Fault = null;
        await Within.Becomes(() => store.Memory.Count == 0, "what was kept is gone again", () => $"{store.Memory.Count} are there");
        Assert.Equal(3,
            (await SidecarBench.Take(run, await SidecarBench.Give(run, ScriptValue.From(Enumerable.Range(0, 3).Select((_) => new string('x', 2000)))))).Count);
    }

    [Fact]
    public async Task A_value_that_the_store_has_lost_is_expired()
    {
        var time = new ManualClock();
        await using var bench = new SidecarBench(
            (options) => options with { Storage = new MemoryReferenceStore(timeProvider: time), Ttl = TimeSpan.FromMinutes(5) });
        ReferenceRun run = bench.Begin();
        ScriptValue inTime = await SidecarBench.Give(run, SidecarBench.Text(2000)), reference = await SidecarBench.Give(run, SidecarBench.Text(2000));
        time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        Assert.Equal(2000, (await SidecarBench.Load(run, inTime)).AsString().Length);

        time.Advance(TimeSpan.FromTicks(1));

        Assert.Equal("REFERENCE_EXPIRED", await SidecarBench.CodeOf(() => SidecarBench.Load(run, reference)));
        Assert.Equal("REFERENCE_EXPIRED", await SidecarBench.CodeOf(() => SidecarBench.Take(run, reference)));
        Assert.Equal("REFERENCE_EXPIRED", (await SidecarBench.End(run, reference)).Error!.Data!["code"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1999)]
    [InlineData(2003)]
    [InlineData(4000)]
    public async Task Bytes_that_the_store_made_up_are_not_believed(int length)
    {
        var store = new FaultyStore();
        await using var bench = new SidecarBench((options) => options with { Storage = store, ReturnedReferences = ReturnedReferences.Token });
        ReferenceRun run = bench.Begin();
        ScriptValue reference = await SidecarBench.Give(run, SidecarBench.Text(2000));
        // The length is right, but 0xc1 cannot begin a value.
        store.Lie = [.. Enumerable.Repeat((byte)0xc1, length)];

        Assert.Equal("REFERENCE_STORE_FAILED", await SidecarBench.CodeOf(() => SidecarBench.Load(run, reference)));
        ScriptReference token = (await SidecarBench.End(run, reference)).Value.AsReference();
        await Assert.ThrowsAsync<IOException>(() => bench.Open(token.Id));
    }

    [Fact]
    public async Task A_store_that_points_back_at_itself_is_read_no_deeper_than_allowed()
    {
        var store = new FaultyStore();
        await using var bench = new SidecarBench((options) => options with { Storage = store });
        var self = new ScriptReference("0123456789abcdef0123456789abcdef", 1, ScriptValueKind.Array, "");
        store.Lie = Enclave.Protocol.Values.ScriptValueCodec.Encode(ScriptValue.OfArray([ScriptValue.OfReference(self), ScriptValue.OfReference(self)]));

        await Assert.ThrowsAsync<IOException>(() => Within.Deadline(bench.Open(self.Id), "end of a value without end"));
    }

    [Fact]
    public async Task A_store_that_cannot_remove_delays_no_answer()
    {
        var gate = new TaskCompletionSource();
        var store = new FaultyStore { RemoveFault = () => gate.Task };
        await using var bench = new SidecarBench((options) => options with { Storage = store });
        ReferenceRun run = bench.Begin();
        ScriptValue reference = await SidecarBench.Give(run, SidecarBench.Text(2000));

        ExecutionResult result = await Within.Deadline(SidecarBench.End(run, reference), "answer");

        Assert.True(result.Success);
        gate.SetResult();
    }

    [Fact]
    public async Task A_host_that_goes_leaves_nothing_in_the_store()
    {
        var gate = new TaskCompletionSource();
        var store = new FaultyStore { RemoveFault = () => gate.Task };
        var bench = new SidecarBench((options) => options with { Storage = store });
        ReferenceRun run = bench.Begin();
        var answer = new TaskCompletionSource<ExecutionResult>();
        Task<ExecutionResult> concluded = run.ConcludeAsync(answer.Task, CancellationToken.None);
        await SidecarBench.Give(run, SidecarBench.Text(2000));

        Task disposed = bench.DisposeAsync().AsTask();
        answer.SetCanceled(TestContext.Current.CancellationToken);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => concluded);
        Assert.Equal((false, 1), (disposed.IsCompleted, store.Memory.Count));
        gate.SetResult();
        await Within.Deadline(disposed, "end of the host");

        Assert.Equal(0, store.Memory.Count);
    }

    [Fact]
    public async Task A_run_that_ends_while_the_store_works_leaves_nothing()
    {
        var gate = new TaskCompletionSource();
        var asked = new TaskCompletionSource();
        var store = new FaultyStore
        {
            Fault = () =>
            {
                asked.TrySetResult();
                return gate.Task;
            },
        };
        await using var bench = new SidecarBench((options) => options with { Storage = store });
        ReferenceRun run = bench.Begin();
        Task<ScriptValue> give = SidecarBench.Give(run, SidecarBench.Text(2000));
        await Within.Deadline(asked.Task, "call of the store");

        await SidecarBench.End(run, ScriptValue.Null);
        gate.SetResult();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Within.Deadline(give, "end of the tool call"));
        await Within.Becomes(() => store is { Sets: 1, Memory.Count: 0 }, "the value is gone", () => $"{store.Memory.Count} are there");
    }
}
