using Enclave.Testing;
using Enclave.Tests;

namespace Enclave.Host.Tests.Durable;

/// <summary>Conversations in the memory of a process.</summary>
public sealed class MemoryConversationTests : ConversationTests
{
    private readonly RunStore _store = RunStore.InMemory();

    private protected override RunStore Store => _store;

    private long Kept => _store.UsageAsync(null, default).AsTask().GetAwaiter().GetResult().Runs;

    [Fact]
    public async Task A_host_without_a_store_keeps_them_in_its_memory_and_no_other_host_has_them()
    {
        await using EnclaveHost one = new(), other = new();
        var run = new RunOptions { Conversation = "a" };
        await one.RunAsync("await store('n', 1)", run, Token);

        Assert.Equal("1", (await one.RunAsync("return await load('n')", run, Token)).Value.ToJsonString());
        Assert.Equal("null", (await other.RunAsync("return (await load('n')) ?? null", run, Token)).Value.ToJsonString());
    }

    [Fact]
    public async Task Values_are_gone_when_nobody_stored_for_the_time_of_retention()
    {
        var clock = new ManualClock();
        EnclaveHost host = Host(wakes: true, options: (options) =>
        {
            options.TimeProvider = clock;
            options.Durable!.ConversationRetention = TimeSpan.FromHours(1);
        });
        var run = new RunOptions { Conversation = "a" };
        await host.RunAsync("await store('n', 1)", run, Token);
        clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal("1", (await host.RunAsync("return await load('n')", run, Token)).Value.ToJsonString());

        clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal("null", (await host.RunAsync("return (await load('n')) ?? null", run, Token)).Value.ToJsonString());
        await Within.Becomes(() => Kept == 0, "the conversation was removed");
    }

    [Fact]
    public async Task They_are_removed_in_time_also_by_a_host_whose_clock_went_on_before_its_timer_was_there()
    {
        var clock = new ManualClock();
        var leaping = new LeapingClock(clock, TimeSpan.FromMinutes(59), () => Kept == 1);
        EnclaveHost host = Host(wakes: true, options: (options) =>
        {
            options.TimeProvider = leaping;
            options.Durable!.ConversationRetention = TimeSpan.FromMinutes(60);
        });
        await host.RunAsync("await store('n', 1)", new RunOptions { Conversation = "a" }, Token);
        await Within.Becomes(() => leaping.HasLeapt, "the clock went on");

        clock.Advance(TimeSpan.FromMinutes(2));

        await Within.Becomes(() => Kept == 0, "the conversation was removed");
    }

    [Fact]
    public async Task A_conversation_has_a_thousand_keys_at_most()
    {
        ExecutionResult result = await Host().RunAsync(
            """
            let kept = 0;
            try {
              for (let i = 0; i < 1001; i++) {
                await store(`k${i}`, 0);
                kept++;
              }
            } catch (e) { return [kept, e.code] }
            """,
            new RunOptions { Conversation = "many", MaxToolCalls = 2_000 },
            Token);

        Assert.Equal("""[1000,"CONVERSATION_FULL"]""", result.Value.ToJsonString());
    }

    [Fact]
    public void Models_are_told_of_the_globals_only_where_they_are()
    {
        EnclaveHost host = Host();

        Assert.Contains("declare const store:", host.DescribeForModel(options: new RunOptions { Conversation = "a" }), StringComparison.Ordinal);
        Assert.DoesNotContain("declare const store:", host.DescribeForModel(), StringComparison.Ordinal);
    }
}
