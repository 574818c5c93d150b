using System.Net;
using System.Text.Json;
using Enclave.Broker.PostgreSql;
using Enclave.Broker.PostgreSql.Tests.Servers;

namespace Enclave.Upgrade.Tests;

/// <summary>Brokers of two builds on one database. Their scripts are simulated; the communication between them is not.</summary>
public sealed class StoreTests(PostgresServer postgres)
{
    [Theory]
    [InlineData(Build.Previous, Build.Present)]
    [InlineData(Build.Present, Build.Previous)]
    public async Task A_session_of_one_build_is_read_and_answered_at_the_other_and_ends_when_the_first_stops(Build runs, Build serves)
    {
        await using StoreDatabase database = await postgres.EmptyDatabaseAsync();
        await using var all = new Deployment(store: database.Broker, owner: database.Owner);
        Part running = await all.Broker(runs, migrates: true);
        var client = new Client(all.Balancer, "alice");
        var elsewhere = new TaskCompletionSource<Part>(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answers = new List<HttpStatusCode>();
        // The session has begun at one broker before the other starts, and all answers go to the other.
        Task<JsonElement> session = client.Run("s_1", "// 4 s_1 times\nreturn 0", ["ask"], async (_, happened) =>
        {
            if (happened.GetProperty("type").GetString() != "tool_call" || happened.GetProperty("payload").GetProperty("toolName").GetString() != "ask") return;
            asked.TrySetResult();
            Part other = await elsewhere.Task;
            // The call is reported a moment before the other broker finds it in the database.
            HttpStatusCode status = HttpStatusCode.Conflict;
            await Patience.Until(async () => (status = await client.Answer(other,
                "s_1", happened.GetProperty("payload").GetProperty("callId").GetString()!, 10)) == HttpStatusCode.OK, () => $"an answer was taken: {status}");
            answers.Add(status);
        });
        await Patience.For(asked.Task, () => "the first call");
        Part other = await all.Broker(serves, migrates: true);
        await all.Balancer.Remove(running);
        Task<JsonElement> reading = client.Run("s_reader", "// 0 none times\nreturn 0");
        running.Terminate();

        elsewhere.SetResult(other);
        JsonElement final = await Patience.For(session, () => "the end of the session");
        await running.Ended();

        Assert.Equal(40, final.GetProperty("result").GetInt32());
        Assert.True((await reading).GetProperty("ok").GetBoolean());
        Assert.Equal(4, answers.Count);
        Assert.Equal(["s_1/1", "s_1/2", "s_1/3", "s_1/4"], all.ReadEffects());
        Assert.Equal(0, await database.ScalarAsync<long>("SELECT count(*) FROM enclave.session WHERE ended_at IS NULL OR state <> 'completed'"));
    }

    [Fact]
    public async Task A_broker_of_the_version_before_starts_on_the_present_schema_and_takes_nothing_from_present_ones()
    {
        await using StoreDatabase database = await postgres.EmptyDatabaseAsync();
        await PostgreSqlSchema.MigrateAsync(database.Owner, PostgresServer.Broker);
        await using var all = new Deployment(store: database.Broker, owner: database.Owner);
        var client = new Client(all.Balancer, "bob");

        // With the owner's rights it grants the brokers' rights of its version.
        Part before = await all.Broker(Build.Previous, migrates: true);
        JsonElement old = await client.Run("s_old", "// 0 none times\nreturn 0");
        await all.Balancer.Remove(before);
        await all.Broker(Build.Present);
        JsonElement present = await client.Run("s_present", "// 0 none times\nreturn 0");

        Assert.True(old.GetProperty("ok").GetBoolean() && present.GetProperty("ok").GetBoolean());
        Assert.Equal([1, 2], await database.ColumnAsync<int>("SELECT protocol FROM enclave.broker WHERE id < 1000 ORDER BY id"));
        Assert.Equal(0, await PostgreSqlSchema.MigrateAsync(database.Owner, PostgresServer.Broker));
    }

    [Fact]
    public async Task A_reader_of_a_broker_that_stops_is_sent_on_at_once_when_its_session_runs_elsewhere()
    {
        await using StoreDatabase database = await postgres.EmptyDatabaseAsync();
        await using var all = new Deployment(store: database.Broker, owner: database.Owner);
        Part runs = await all.Broker(Build.Present, migrates: true);
        var client = new Client(all.Balancer, "carol");
        var asked = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<JsonElement> session = client.Run("s_1", "// 1 s_1 times\nreturn 0", ["ask"], (_, happened) =>
        {
            if (happened.GetProperty("type").GetString() == "tool_call") asked.TrySetResult(happened.GetProperty("payload").GetProperty("callId").GetString()!);
            return Task.CompletedTask;
        });
        string call = await Patience.For(asked.Task, () => "the call");
        Part stops = await all.Broker(Build.Present);
        using HttpResponseMessage reading = await client.Read(stops, "s_1");
        var reader = new StreamReader(await reading.Content.ReadAsStreamAsync());
        await Patience.For(reader.ReadLineAsync(), () => "the first event");

        // It runs no session of its own, so it stops although the session continues.
        await stops.Stop();
        while (await Patience.For(reader.ReadLineAsync(), () => "the end of the stream") is { } line)
            Assert.DoesNotContain("\"final\"", line, StringComparison.Ordinal);
        Assert.False(session.IsCompleted);
        Assert.Equal(HttpStatusCode.OK, await client.Answer(runs, "s_1", call, 5));

        Assert.Equal(5, (await Patience.For(session, () => "the end of the session")).GetProperty("result").GetInt32());
    }
}
