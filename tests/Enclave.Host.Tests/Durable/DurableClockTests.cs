using Enclave.Testing;
using Enclave.Tests;

namespace Enclave.Host.Tests.Durable;

/// <summary>The wall clock of a living host is set while runs wait.</summary>
public sealed class DurableClockTests : DurableHosts
{
    private readonly ManualClock _time = new();

    private protected override RunStore Store { get; } = RunStore.InMemory();

    [Theory]
    [InlineData(60, "await sleep('30m')")]
    [InlineData(-60, "await sleep('30m')")]
    [InlineData(60, "await new Promise((done) => setTimeout(done, 1_800_000))")]
    [InlineData(-60, "await new Promise((done) => setTimeout(done, 1_800_000))")]
    public async Task A_wait_ends_when_its_time_has_passed_and_not_when_the_clock_says_so(int minutes, string wait)
    {
        var wall = new SteppedWall(_time);
        EnclaveHost host = Host(wakes: true, options: (options) => options.TimeProvider = wall);
        Task<ExecutionResult> run = host.RunAsync($"{wait}; return await callTool('note', {{ text: 'late' }})", Named("nap"), Token);
        await Within.Becomes(
            () => host.Runs.FindAsync("nap", null, Token).GetAwaiter().GetResult() is { State: DurableRunState.Suspended, Waits.Count: 1 }, "it waits");

        wall.Step(TimeSpan.FromMinutes(minutes));
        _time.Advance(TimeSpan.FromMinutes(29));
        // Another run has its turn meanwhile, and the host looks for runs that are due.
        Assert.Equal("note early", (await host.RunAsync("return await callTool('note', { text: 'early' })", Named("other"), Token)).Value.AsString());
        Assert.Equal(["early"], Ledger);
        _time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal("note late", (await Within.Deadline(run, "the result")).Value.AsString());
    }
}
