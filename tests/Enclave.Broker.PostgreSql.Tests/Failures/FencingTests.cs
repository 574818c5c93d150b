using System.Text.Json;
using Enclave.Broker.PostgreSql.Tests.Servers;
using Enclave.Broker.Sessions;
using Enclave.Broker.Tests;
using Enclave.Tests;

namespace Enclave.Broker.PostgreSql.Tests.Failures;

/// <summary>A broker whose heartbeat does not arrive, while it runs on without noticing.</summary>
public sealed class FencingTests(PostgresServer server)
{
    [Theory]
    [InlineData("print wait", "before the script called a tool")]
    [InlineData("tool wait", "after 1 tool call;")]
    [InlineData("tool print tool wait", "after 2 tool calls;")]
    public async Task Its_sessions_get_one_end_and_it_writes_no_more(string code, string told)
    {
        await using StoreDatabase database = await server.DatabaseAsync();
        await using TestBroker silent = await Silent(database);
        ISessionView lost = await silent.Open(TestBroker.By("alice"), TestBroker.Asks(code, "s_1"));
        BrokerSession run = Assert.Single(silent.Sessions.Running());
        await Kept(lost, code);
        await using TestBroker other = await Watching(database);

        List<JsonElement> events = await TestBroker.ReadAll(await other.Get(TestBroker.By("alice"), "s_1"));
        // The broker continues and tries to add an event.
        run.Add(new Streaming.Stdout("too late\n"));
        await Within.Becomes(() => silent.Sessions.Count.Running == 0, "the fenced broker ended its run");

        Assert.Equal("BROKER_LOST", events.Final().ErrorCode());
        Assert.Contains(told, events.Final().GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(events.Count, await database.ScalarAsync<long>("SELECT count(*) FROM enclave.event"));
        Assert.Equal(1, await database.ScalarAsync<long>("SELECT count(*) FROM enclave.event WHERE type = 'final'"));
        Assert.Equal(ReadOutcome.Lost, await lost.ReadAsync(events.Count + 1, [], CancellationToken.None));
    }

    [Fact]
    public async Task It_comes_back_under_another_number_and_serves_what_others_concluded()
    {
        await using StoreDatabase database = await server.DatabaseAsync();
        await using TestBroker silent = await Silent(database);
        await silent.Open(TestBroker.By("alice"), TestBroker.Asks("print wait", "s_1"));
        await using TestBroker other = await Watching(database);
        await TestBroker.ReadAll(await other.Get(TestBroker.By("alice"), "s_1"));

        // It only learns this when its next session is refused.
        await Within.Becomes(
            () => silent.TryOpen(TestBroker.By("alice"), TestBroker.Asks("print", "s_2")).Result.Session is not null, "the broker took sessions again");

        Assert.Equal("BROKER_LOST", (await TestBroker.ReadAll(await silent.Get(TestBroker.By("alice"), "s_1"))).Final().ErrorCode());
        Assert.Equal(["session_init", "stdout", "final"], (await TestBroker.ReadAll(await other.Get(TestBroker.By("alice"), "s_2"))).Types());
        Assert.Equal(3, await database.ScalarAsync<long>("SELECT count(*) FROM enclave.broker"));
    }

    [Fact]
    public async Task No_tool_acts_whose_call_is_not_in_the_log()
    {
        await using StoreDatabase database = await server.DatabaseAsync();
        await using TestBroker silent = await Silent(database);
        await silent.Open(TestBroker.By("alice"), TestBroker.Asks("print wait", "s_1"));
        BrokerSession run = Assert.Single(silent.Sessions.Running());
        await using TestBroker other = await Watching(database);
        await TestBroker.ReadAll(await other.Get(TestBroker.By("alice"), "s_1"));

        Task acts = run.Journal!.WhenKept("c_1");
        run.Add(new Streaming.ToolCall { CallId = "c_1", ToolName = "there", Args = JsonElement.Parse("{}") });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Within.Deadline(acts, "refusal of the call"));
    }

    [Theory]
    [InlineData("1 hour")]
    [InlineData("-1 hour")]
    public async Task A_step_of_the_servers_clock_kills_no_broker(string step)
    {
        await using StoreDatabase database = await server.DatabaseAsync();
        await using TestBroker one = await Watching(database);
        await using TestBroker other = await Watching(database);
        ISessionView session = await one.Open(TestBroker.By("alice"), TestBroker.Asks("print wait", "s_1"));
        long beats = await database.ScalarAsync<long>("SELECT min(beat) FROM enclave.lease");

        await database.ExecuteAsync($"UPDATE enclave.lease SET seen_at = seen_at - interval '{step}'");
        await Within.Becomes(() => database.ScalarAsync<long>("SELECT min(beat) FROM enclave.lease").Result > beats + 20, "both brokers went on for some time");

        Assert.Equal(2, await database.ScalarAsync<long>("SELECT count(*) FROM enclave.broker WHERE fenced_at IS NULL"));
        await session.CancelAsync(SessionEnd.Cancelled(null), CancellationToken.None);
        Assert.Equal("SESSION_CANCELLED", (await TestBroker.ReadAll(session)).Final().ErrorCode());
    }

    [Fact]
    public async Task A_broker_that_stops_gives_its_lease_back_and_leaves_nothing_to_others()
    {
        await using StoreDatabase database = await server.DatabaseAsync();
        await using TestBroker reader = await Watching(database);
        TestBroker stopping = await Watching(database);
        await stopping.Open(TestBroker.By("alice"), TestBroker.Asks("print wait", "s_1"));
        Task<List<JsonElement>> reading = TestBroker.ReadAll(await reader.Get(TestBroker.By("alice"), "s_1"));

        await stopping.DisposeAsync();

        Assert.Equal("SESSION_CANCELLED", (await reading).Final().ErrorCode());
        Assert.Equal(1, await database.ScalarAsync<long>("SELECT count(*) FROM enclave.lease"));
        Assert.Equal("STORE_UNAVAILABLE", (await stopping.Store.AdmitAsync(Session(), CancellationToken.None)).Refusal?.Code);
    }

    private static BrokerSession Session() => new("s_x", TestBroker.By("alice"), TestBroker.Asks("print"),
        SessionTerms.Of(new Streaming.SessionLimits(), TestBroker.Options), new EventLines("s_x", 1 << 20), new NoOwner(), TimeProvider.System);

    private static async Task Kept(ISessionView session, string code)
    {
        int events = 1 + code.Split(' ').Sum((word) => word switch { "print" => 1, "tool" => 2, _ => 0 });
        Assert.Equal(ReadOutcome.Events, await Within.Deadline(session.ReadAsync(events, [], CancellationToken.None).AsTask(), "last event before the wait"));
    }

    /// <summary>A broker that sends only its first heartbeat.</summary>
    private static Task<TestBroker> Silent(StoreDatabase database) =>
        TestBroker.On(database.Broker, configure: (store) => (store.Heartbeat, store.Lease) = (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5)));

    private static Task<TestBroker> Watching(StoreDatabase database) => TestBroker.On(
        database.Broker, configure: (store) => (store.Heartbeat, store.Lease) = (TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(1500)));

    private sealed class NoOwner : ISessionOwner
    {
        public void OnFinalEvent(BrokerSession session, Streaming.Final final)
        {
        }
    }
}
