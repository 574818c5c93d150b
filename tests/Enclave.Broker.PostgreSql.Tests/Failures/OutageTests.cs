using System.Text.Json;
using Enclave.Broker.Errors;
using Enclave.Broker.PostgreSql.Tests.Servers;
using Enclave.Broker.Sessions;
using Enclave.Broker.Store;
using Enclave.Broker.Tests;
using Enclave.Tests;
using Npgsql;

namespace Enclave.Broker.PostgreSql.Tests.Failures;

/// <summary>A database that fails and comes back.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    // A server of its own: the other tests run meanwhile.
    private readonly PostgresServer _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Sessions_live_through_a_restart_and_miss_no_event()
    {
        StoreDatabase database = await _server.DatabaseAsync();
        await using TestBroker here = await Patient(database), there = await Patient(database);
        string code = string.Join(' ', Enumerable.Repeat("print", 50)) + " ask " + string.Join(' ', Enumerable.Repeat("print", 50));
        ISessionView[] sessions = await Task.WhenAll(Enumerable.Range(0, 40).Select((i) => here.Open(TestBroker.By("alice"), TestBroker.Asks(code, $"s_{i}"))));
        ISessionView[] elsewhere = await Task.WhenAll(sessions.Select((session) => there.Get(TestBroker.By("alice"), session.Id)));
        Task<List<JsonElement>>[] reading = [.. sessions.Concat(elsewhere).Select((session) => TestBroker.ReadAll(session))];
        await TestBroker.Sees(sessions[0], "stdout");

        // At any point of a write.
        await _server.KillAsync();
        NpgsqlConnection.ClearAllPools();
        await Within.Becomes(() => !here.Store.IsReady, "the broker noticed");
        (_, BrokerError? refusal) = await here.TryOpen(TestBroker.By("alice"), TestBroker.Asks("print"));
        await _server.StartAsync();
        await Within.Becomes(() => here.Store.IsReady && there.Store.IsReady, "the brokers were ready again");
        foreach (ISessionView session in elsewhere)
        {
            await TestBroker.Sees(session, "tool_call");
            Assert.Null(await session.AnswerAsync("""{ "callId": "c_1", "result": "yes" }"""u8.ToArray(), CancellationToken.None));
        }

        Assert.Equal((503, "STORE_UNAVAILABLE"), (refusal!.Status, refusal.Code));
        foreach (Task<List<JsonElement>> read in reading)
        {
            List<JsonElement> events = await read;
            Assert.Equal(104, events.Count);
            Assert.Equal("yes", events.Final().GetProperty("result").GetString());
        }
    }

    [Fact]
    public async Task Sessions_end_when_it_stays_away_and_the_log_says_so_when_it_is_back()
    {
        StoreDatabase database = await _server.DatabaseAsync();
        await using TestBroker broker = await TestBroker.On(database.Broker, configure: (store) => store.Patience = TimeSpan.FromSeconds(4));
        ISessionView session = await broker.Open(TestBroker.By("alice"), TestBroker.Asks("print wait", "s_1"));
        await TestBroker.Sees(session, "stdout");

        await _server.KillAsync();
        ReadOutcome outcome = await Within.Deadline(session.ReadAsync(3, [], CancellationToken.None).AsTask(), "end of the session here");
        await Within.Becomes(() => broker.Sessions.Count.Running == 0, "nothing ran on");
        await Assert.ThrowsAsync<StoreException>(async () => await broker.Store.FindAsync(TestBroker.By("alice"), "s_1", CancellationToken.None));
        await _server.StartAsync();
        await Within.Becomes(() => broker.Store.IsReady, "the broker was ready again");

        Assert.Equal(ReadOutcome.Lost, outcome);
        List<JsonElement> events = await TestBroker.ReadAll(await broker.Get(TestBroker.By("alice"), "s_1"));
        Assert.Equal(["session_init", "stdout", "final"], events.Types());
        Assert.Equal("BROKER_LOST", events.Final().ErrorCode());
        await broker.Open(TestBroker.By("alice"), TestBroker.Asks("print", "s_2"));
    }

    [Fact]
    public async Task A_session_that_floods_it_ends_and_no_other()
    {
        StoreDatabase database = await _server.DatabaseAsync();
        await using TestBroker broker = await TestBroker.On(database.Broker, configure: (store) =>
            (store.Lease, store.Patience, store.MaxPendingBytes) = (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), 1 << 20));
        ISessionView quiet = await broker.Open(TestBroker.By("alice"), TestBroker.Asks("print ask", "s_quiet")), flood = await broker.Open(
            TestBroker.By("bob"), TestBroker.Asks("print ask wait", "s_flood"));
        await TestBroker.Sees(quiet, "tool_call");
        await TestBroker.Sees(flood, "tool_call");

        // Nothing can be written, so the script's events wait.
        await _server.KillAsync();
        BrokerSession run = Assert.Single(broker.Sessions.Running(), (session) => session.Id == "s_flood");
        for (int i = 0; i < 3; i++) run.Add(new Streaming.Stdout(new string('x', 60_000)));
        await Within.Becomes(() => run.End is not null, "the flood was cancelled");
        await _server.StartAsync();
        List<JsonElement> flooded = await TestBroker.ReadAll(flood);
        await Within.Becomes(() => broker.Store.IsReady, "the broker was ready again");
        Assert.Null(await quiet.AnswerAsync("""{ "callId": "c_1", "result": 1 }"""u8.ToArray(), CancellationToken.None));

        Assert.Contains("MaxPendingBytes", flooded.Final().GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.True((await TestBroker.ReadAll(quiet)).Final().GetProperty("ok").GetBoolean());
    }

    [Fact]
    public async Task A_broker_starts_without_it_and_is_ready_when_it_comes()
    {
        StoreDatabase database = await _server.DatabaseAsync();
        await _server.KillAsync();
        await using TestBroker broker = await Patient(database);
        Assert.False(broker.Store.IsReady);
        Assert.Equal("STORE_UNAVAILABLE", (await broker.TryOpen(TestBroker.By("alice"), TestBroker.Asks("print"))).Refusal?.Code);

        await _server.StartAsync();
        await Within.Becomes(() => broker.Store.IsReady, "the broker was ready");

        Assert.Equal(3, (await TestBroker.ReadAll(await broker.Open(TestBroker.By("alice"), TestBroker.Asks("print")))).Count);
    }

    [Fact]
    public async Task Changes_whose_messages_were_lost_are_found()
    {
        StoreDatabase database = await _server.DatabaseAsync();
        await using TestBroker here = await Patient(database), there = await Patient(database);
        ISessionView session = await here.Open(TestBroker.By("alice"), TestBroker.Asks("ask wait", "s_1"));
        await TestBroker.Sees(session, "tool_call");
        ISessionView elsewhere = await there.Get(TestBroker.By("alice"), "s_1");
        Task<List<JsonElement>> reading = TestBroker.ReadAll(elsewhere);

        // As if every message had been lost: the changes are only in the tables.
        await database.ExecuteAsync(
            "UPDATE enclave.tool_call SET answer = '{ \"callId\": \"c_1\", \"result\": 1 }', answered_at = now()",
            "UPDATE enclave.session SET cancel_at = now(), cancel_reason = 'in silence'");
        List<JsonElement> events = await reading;

        Assert.Equal("in silence", events.Final().GetProperty("error").GetProperty("message").GetString());
    }

    [Fact]
    public async Task An_opening_that_is_done_after_its_broker_gave_it_up_has_its_end()
    {
        StoreDatabase database = await _server.DatabaseAsync();
        await using TestBroker here = await Patient(database), there = await Patient(database);
        await here.Open(TestBroker.By("alice"), TestBroker.Asks("wait", "s_runs"));

        // As if the statement had been delayed: the broker has long given it up, and had no failure since.
        await database.ExecuteAsync("INSERT INTO enclave.session (broker, owner, id, terms, sealed, expires_at) SELECT broker, owner, 's_late', terms, " +
            "sealed, expires_at FROM enclave.session");
        List<JsonElement> events = await TestBroker.ReadAll(await there.Get(TestBroker.By("alice"), "s_late"));

        Assert.Equal("BROKER_LOST", Assert.Single(events).GetProperty("payload").ErrorCode());
        Assert.Equal(1, await database.ScalarAsync<long>("SELECT count(*) FROM enclave.session WHERE ended_at IS NULL"));
    }

    [Fact]
    public async Task A_connection_that_listened_is_made_again()
    {
        StoreDatabase database = await _server.DatabaseAsync();
        await using TestBroker here = await Patient(database), there = await Patient(database);
        await here.Open(TestBroker.By("alice"), TestBroker.Asks("wait", "s_1"));
        ISessionView elsewhere = await there.Get(TestBroker.By("alice"), "s_1");

        Assert.True(await database.ScalarAsync<long>("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'") > 0);
        await elsewhere.CancelAsync(SessionEnd.Cancelled(null), CancellationToken.None);

        Assert.Equal("SESSION_CANCELLED", (await TestBroker.ReadAll(elsewhere)).Final().ErrorCode());
        await Within.Becomes(
            () => database.ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'").Result == 2, "both listened again");
    }

    private static Task<TestBroker> Patient(StoreDatabase database) =>
        TestBroker.On(database.Broker, configure: (store) => (store.Lease, store.Patience) = (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)));
}
