using Enclave.Limits;
using Enclave.Protocol;
using Enclave.Sidecar;

namespace Enclave.Host.Tests.Sidecar;

/// <summary>
/// Values that replace references use the host's memory. They count with their size in .NET, which may be fifty times their size in the store.
/// </summary>
public sealed class SidecarMemoryTests : IAsyncDisposable
{
    private const long Megabyte = 1 << 20;

    private readonly SidecarBench _bench = new();
    private readonly HostMemory _host = new(8 * Megabyte, 2 * Megabyte);
    private readonly RunMemory _run;

    public SidecarMemoryTests() => _run = new RunMemory(_host, "tenant", static () => { });

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_value_that_takes_more_than_a_run_may_is_neither_passed_nor_returned()
    {
        ReferenceRun run = _bench.Begin(maxMemory: Megabyte);
        ScriptValue ones = await SidecarBench.Give(run, Ones(20_000)), text = await SidecarBench.Give(run, SidecarBench.Text(300_000));

        Assert.Equal("MAX_RESOLVED_SIZE", await SidecarBench.CodeOf(() => SidecarBench.Take(run, ones)));
        Assert.Equal(300_000, (await SidecarBench.Take(run, text)).AsString().Length);
        ExecutionResult result = await SidecarBench.End(run, ones);
        Assert.Equal((ErrorCode.OutputLimit, "MAX_RESOLVED_SIZE"), (result.Error!.Code, result.Error.Data!["code"]));
        Assert.Contains("HostMemoryLimitPerRun", result.Error.Message);
    }

    [Fact]
    public async Task Calls_that_use_a_value_hold_its_memory_once_and_give_it_back()
    {
        ReferenceRun run = _bench.Begin();
        ScriptValue one = await SidecarBench.Give(run, Ones(20_000)), other = await SidecarBench.Give(run, Ones(20_001));

        await Take(one, async () =>
        {
            long held = _host.Held;
            Assert.InRange(held, 20_000 * 50, 20_000 * 70);
            await Take(one, () =>
            {
                Assert.Equal(held, _host.Held);
                return Task.CompletedTask;
            });
            Assert.Equal(held, _host.Held);
            // Together they need more than one run may hold.
            Assert.Equal("MAX_RESOLVED_SIZE", await SidecarBench.CodeOf(() => Take(other, () => Task.CompletedTask)));
            Assert.Equal("MAX_RESOLVED_SIZE", await SidecarBench.CodeOf(() => SidecarBench.Load(run, other, Call())));
            Assert.Equal(held, _host.Held);
        });

        Assert.Equal(0, _host.Held);
        await Take(other, () => Task.CompletedTask);
        Assert.Equal(0, _host.Held);

        Task Take(ScriptValue value, Func<Task> meanwhile) => SidecarBench.Take(run, value, Call(), meanwhile);
    }

    [Fact]
    public async Task Values_in_values_count_too()
    {
        ReferenceRun run = _bench.Begin();
        // The list is moved to the sidecar, because its container is large without it.
        ScriptValue whole = await SidecarBench.Give(run, ScriptValue.OfArray([Ones(20_000), .. Enumerable.Repeat(SidecarBench.Text(100), 100)]));

        await SidecarBench.Take(run, whole, Call(), () =>
        {
            Assert.InRange(_host.Held, (20_000 * 50) + (100 * 100), 20_000 * 70);
            return Task.CompletedTask;
        });

        Assert.Equal(0, _host.Held);
    }

    [Theory]
    [InlineData(SecurityLevel.Strict, 16)]
    [InlineData(SecurityLevel.Standard, 256)]
    [InlineData(SecurityLevel.Permissive, 1024)]
    public void A_run_with_a_sidecar_may_hold_the_largest_text_that_it_may_put_in(SecurityLevel level, long megabytes)
    {
        HostMemory memory = HostMemory.Of(WorkerPoolPresets.For(level), SidecarLimits.For(new SidecarOptions(), level).MaxResolvedBytes);

        Assert.Equal((megabytes * Megabyte, 4 * megabytes * Megabyte), (memory.PerRun, memory.Limit));
    }

    /// <summary>The memory that a call holds for its arguments, which are small.</summary>
    private HeldMemory Call() => _run.TryHold(100)!;

    private static ScriptValue Ones(int count) => ScriptValue.OfArray([.. Enumerable.Repeat(1, count).Select((one) => ScriptValue.OfInteger(one))]);
}
