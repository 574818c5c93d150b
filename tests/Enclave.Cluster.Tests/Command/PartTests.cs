using System.Net;
using System.Text.Json;
using Enclave.Tests;
using Npgsql;

namespace Enclave.Cluster.Tests.Command;

/// <summary>Parts of a running cluster: how they work together, and faults of single parts.</summary>
[Collection(OneClusterAtATime.Name)]
public sealed class PartTests(SharedCluster shared) : IAsyncLifetime
{
    private RunningCluster Cluster => shared.Cluster;

    public async ValueTask InitializeAsync() => await Cluster.IsWhole();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_session_through_the_proxy_ends_once_and_is_in_the_store()
    {
        (HttpStatusCode status, JsonElement[] events) = await Cluster.Run(Cluster.Proxy, "console.log('hi'); return 6 * 7", "s_stored");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(42, Assert.Single(events, IsFinal).GetProperty("payload").GetProperty("result").GetInt32());
        Assert.Equal(events.Length, await Cluster.Stored<long>(
            "SELECT count(*) FROM enclave.event e JOIN enclave.session s ON e.session = s.key WHERE s.id = 's_stored'"));
    }

    [Fact]
    public async Task Half_requests_keep_nobody_from_the_control_address_or_the_proxy()
    {
        using HalfRequests atControl = await HalfRequests.AtAsync(Cluster.Control, 300), atProxy = await HalfRequests.AtAsync(Cluster.Proxy, 300);

        (HttpStatusCode control, _) = await Cluster.Ask(HttpMethod.Get, "/parts");
        (HttpStatusCode proxy, _) = await Cluster.Run(Cluster.Proxy, "return 1", "s_beside_halves");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (control, proxy));
    }

    [Fact]
    public async Task Each_role_and_each_user_has_a_password_of_its_own()
    {
        JsonElement store = Cluster.Ready.GetProperty("store");
        string owner = store.GetProperty("owner").GetString()!, broker = store.GetProperty("broker").GetString()!;
        string password = new NpgsqlConnectionStringBuilder(owner).Password!;

        Assert.NotEqual(password, new NpgsqlConnectionStringBuilder(broker).Password);
        await using var asOwner = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(broker) { Username = new NpgsqlConnectionStringBuilder(owner).Username }.ConnectionString);
        Assert.Equal(PostgresErrorCodes.InvalidPassword, (await Assert.ThrowsAsync<PostgresException>(() => asOwner.OpenAsync())).SqlState);
        Assert.DoesNotContain(password, Cluster.Ready.GetProperty("queue").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_proxy_takes_brokers_in_turn()
    {
        for (int i = 0; i < 4; i++) Assert.Equal(HttpStatusCode.OK, (await Cluster.Run(Cluster.Proxy, "return 1", $"s_turn_{i}")).Status);

        Assert.Equal(2, await Cluster.Stored<long>(
            "SELECT count(*) FROM (SELECT broker FROM enclave.session WHERE id LIKE 's_turn_%' GROUP BY broker HAVING count(*) = 2) turns"));
    }

    [Fact]
    public async Task A_killed_broker_is_dead_the_other_one_serves_and_it_comes_back_where_it_was()
    {
        int pid = await Cluster.Pid("broker-1");
        Uri address = await Cluster.Address("broker-1");

        JsonElement dead = await Cluster.Do("/parts/broker-1/kill");

        Assert.Equal(("dead", JsonValueKind.Null), (dead.GetProperty("state").GetString(), dead.GetProperty("pid").ValueKind));
        Assert.False(ProcessTable.Lives(pid));
        (HttpStatusCode again, JsonElement refusal) = await Cluster.Ask(HttpMethod.Post, "/parts/broker-1/kill");
        Assert.Equal(HttpStatusCode.Conflict, again);
        Assert.Contains("broker-1 is dead", refusal.GetProperty("reason").GetString(), StringComparison.Ordinal);
        for (int i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.OK, (await Cluster.Run(Cluster.Proxy, "return 1")).Status);

        JsonElement back = await Cluster.Do("/parts/broker-1/start");

        Assert.Equal(
            ("ready", $"{address.GetLeftPart(UriPartial.Authority)}"), (back.GetProperty("state").GetString(), back.GetProperty("address").GetString()));
        Assert.NotEqual(pid, back.GetProperty("pid").GetInt32());
        Assert.Equal(HttpStatusCode.OK, (await Cluster.Run(address, "return 1")).Status);
    }

    [Fact]
    public async Task A_stopped_broker_ends_in_order_and_is_passed_by_meanwhile()
    {
        Task<(HttpStatusCode, JsonElement[] Events)> running = Cluster.Run(await Cluster.Address("broker-2"), "await callTool('wait', {})", "s_drained");
        await Within.Becomes(() => Cluster.Stored<long>("SELECT count(*) FROM enclave.event e JOIN enclave.session s ON e.session = s.key WHERE s.id = " +
            "'s_drained' AND e.type = 'tool_call'").Result > 0, "the session waited for its tool");

        Task<JsonElement> stopping = Cluster.Do("/parts/broker-2/stop");
        await Within.Becomes(() => Cluster.State("broker-2").Result == "stopping", "it was stopping");
        Assert.Equal(HttpStatusCode.OK, (await Cluster.Run(Cluster.Proxy, "return 1")).Status);

        Assert.Equal("stopped", (await stopping).GetProperty("state").GetString());
        Assert.Single((await running).Events, IsFinal);
        await Cluster.Do("/parts/broker-2/start");
        Assert.Equal("ready", await Cluster.State("broker-2"));
    }

    [Theory]
    [InlineData("broker-1")]
    [InlineData("runtime-1")]
    public async Task A_paused_part_stands_still_until_it_is_resumed(string part)
    {
        int pid = await Cluster.Pid(part);

        Assert.Equal("paused", (await Cluster.Do($"/parts/{part}/pause")).GetProperty("state").GetString());
        Assert.Equal('T', ProcessTable.State(pid));
        Assert.Null(await Cluster.Health(part));
        Assert.Equal(HttpStatusCode.Conflict, (await Cluster.Ask(HttpMethod.Post, $"/parts/{part}/stop")).Status);

        Assert.Equal("ready", (await Cluster.Do($"/parts/{part}/resume")).GetProperty("state").GetString());
        await Cluster.HealthBecomes(part, HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_request_that_was_sent_is_not_sent_again()
    {
        for (int attempt = 0; attempt < 5; attempt++)
        {
            await Cluster.IsWhole();
            await Cluster.Do("/parts/broker-1/pause");
            // One session goes to each, until the stopped one is detected.
            string[] names = [$"s_once_{attempt}_a", $"s_once_{attempt}_b"];
            Task<(HttpStatusCode Status, JsonElement[])>[] asked = [.. names.Select((name) => Cluster.Run(Cluster.Proxy, "return 1", name))];
            await Task.WhenAny(asked);
            await Cluster.Do("/parts/broker-1/kill");
            (HttpStatusCode Status, JsonElement[])[] answers = await Task.WhenAll(asked);
            await Cluster.Do("/parts/broker-1/start");
            if (answers.Count((answer) => answer.Status == HttpStatusCode.BadGateway) != 1) continue;

            int lost = Array.FindIndex(answers, (answer) => answer.Status == HttpStatusCode.BadGateway);
            Assert.Equal(HttpStatusCode.OK, answers[1 - lost].Status);
            Assert.Equal(0, await Cluster.Stored<long>($"SELECT count(*) FROM enclave.session WHERE id = '{names[lost]}'"));
            return;
        }

        Assert.Fail("in five attempts no request was on its way to the broker that was killed");
    }

    [Fact]
    public async Task A_paused_database_stands_still_with_all_its_processes()
    {
        int pid = await Cluster.Pid("postgres");
        int[] children = [.. File.ReadAllText($"/proc/{pid}/task/{pid}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];

        await Cluster.Do("/parts/postgres/pause");
        char[] states = [.. children.Append(pid).Where(ProcessTable.Lives).Select(ProcessTable.State)];
        await Cluster.Do("/parts/postgres/resume");

        Assert.True(states.Length > 4);
        Assert.All(states, (state) => Assert.Equal('T', state));
        Assert.Equal(1, await Cluster.Stored<int>("SELECT 1"));
    }

    [Fact]
    public async Task A_killed_database_is_missed_and_comes_back_with_what_it_had()
    {
        Assert.Equal(HttpStatusCode.OK, (await Cluster.Run(Cluster.Proxy, "return 1", "s_kept")).Status);

        Assert.Equal("dead", (await Cluster.Do("/parts/postgres/kill")).GetProperty("state").GetString());
        await Cluster.HealthBecomes("broker-1", HttpStatusCode.ServiceUnavailable);
        await Cluster.HealthBecomes("broker-2", HttpStatusCode.ServiceUnavailable);
        await Within.Becomes(() => Cluster.Run(Cluster.Proxy, "return 1").Result.Status == HttpStatusCode.ServiceUnavailable, "the proxy had no broker");

        Assert.Equal("ready", (await Cluster.Do("/parts/postgres/start")).GetProperty("state").GetString());
        await Cluster.HealthBecomes("broker-1", HttpStatusCode.OK);
        await Cluster.HealthBecomes("broker-2", HttpStatusCode.OK);
        Assert.Equal(1, await Cluster.Stored<long>("SELECT count(*) FROM enclave.session WHERE id = 's_kept'"));
    }

    [Fact]
    public async Task A_queue_that_was_started_again_is_at_its_address_and_sessions_run()
    {
        string address = Cluster.Ready.GetProperty("queue").GetString()!;
        int pid = await Cluster.Pid("rabbitmq");

        Assert.Equal("ready", (await Cluster.Do("/parts/rabbitmq/restart")).GetProperty("state").GetString());

        Assert.NotEqual(pid, await Cluster.Pid("rabbitmq"));
        Assert.StartsWith("amqp://admin:", address, StringComparison.Ordinal);
        foreach (string part in (string[])["broker-1", "broker-2", "runtime-1", "runtime-2"]) await Cluster.HealthBecomes(part, HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.OK, (await Cluster.Run(await Cluster.Address("broker-1"), "return 1")).Status);
    }

    private static bool IsFinal(JsonElement happened) => happened.GetProperty("type").GetString() == "final";
}
