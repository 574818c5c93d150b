using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Enclave.Broker.Tests;
using Enclave.RabbitMq.Tests.Servers;
using Enclave.RabbitMq.Tests.Wire;
using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Enclave.RabbitMq.Tests.Failures;

/// <summary>More sessions than there is room for.</summary>
public sealed class CrowdTests(RabbitServer server)
{
    private readonly Effects _effects = new();

    [Fact]
    public async Task One_tenants_flood_does_not_stand_before_another()
    {
        await using var app = new QueueApp(server.Address);
        BrokerApp broker = await ForTenants(app, null);
        await app.Runtime(sessions: 1);
        await QueueApp.Ready(broker);
        List<Task<JsonElement[]>> all = [.. await Task.WhenAll(Enumerable.Range(0, 10).Select((_) => Begin(broker, "flood")))];

        all.Add(await Begin(broker, "other"));
        await Task.WhenAll(all);

        int place = Array.IndexOf(_effects.Seen, "other");
        // One running, two published, and one whose turn it was.
        Assert.InRange(place, 0, 5);
        Assert.Equal(11, _effects.Seen.Length);
    }

    [Fact]
    public async Task A_tenant_of_a_higher_priority_begins_first_and_a_cap_holds()
    {
        await using var app = new QueueApp(server.Address);
        BrokerApp broker = await ForTenants(app, (tenant) => tenant == "other" ? new QueueTenant { Priority = 1 } : new QueueTenant { MaxRunning = 1 });
        RuntimeOverQueues runtime = await app.Runtime(sessions: 4);
        await QueueApp.Ready(broker);
        List<Task<JsonElement[]>> all = [.. await Task.WhenAll(Enumerable.Range(0, 20).Select((_) => Begin(broker, "flood")))];
        await Within.Becomes(() => _effects.Seen.Length > 0, "one has begun");

        Assert.InRange(runtime.Worker.GetStats().ActiveSessions, 0, 1);
        all.Add(await Begin(broker, "other"));
        await Task.WhenAll(all);

        // It did not wait behind those that the limit held back. Some run before it is there.
        Assert.InRange(Array.IndexOf(_effects.Seen, "other"), 0, 15);
    }

    [Fact]
    public async Task A_full_broker_refuses_at_once_and_loses_nothing()
    {
        await using var app = new QueueApp(server.Address);
        BrokerApp broker = await app.Broker((options) => options.MaxWaiting = 2);
        Task<JsonElement[]> first = broker.Run("return 1"), second = broker.Run("return 2");
        await Within.Becomes(() => broker.Services.Lanes().Sum((lane) => lane.Waiting) == 2, "two wait");

        using HttpResponseMessage refused = await broker.Post("""{ "code": "return 3" }""");
        await app.Runtime();

        Assert.Equal(503, (int)refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
        JsonElement told = JsonElement.Parse(await refused.Content.ReadAsStringAsync());
        Assert.Equal("QUEUE_FULL", told.GetProperty("code").GetString());
        Assert.Contains("MaxWaiting", told.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal([1, 2], (await Task.WhenAll(first, second)).Select((events) => events.Final().GetProperty("result").GetInt32()));
    }

    [Fact]
    public async Task Without_places_to_wait_a_session_runs_while_a_runtime_has_a_free_slot()
    {
        await using var app = new QueueApp(server.Address);
        BrokerApp broker = await app.Broker((options) => options.MaxWaiting = 0);
        await app.Runtime(sessions: 2);
        await QueueApp.Ready(broker);

        for (int i = 0; i < 3; i++) Assert.Equal(i, (await broker.Run($"return {i}")).Final().GetProperty("result").GetInt32());
    }

    [Fact]
    public async Task Of_many_that_come_at_once_as_many_wait_as_may_and_the_rest_is_refused_before_a_stream()
    {
        await using var app = new QueueApp(server.Address);
        BrokerApp broker = await app.Broker((options) => options.MaxWaiting = 5);

        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 40).Select((_) => broker.Post("""{ "code": "return 1" }""")));

        Assert.Equal((5, 35), (answers.Count((answer) => (int)answer.StatusCode == 200), answers.Count((answer) => (int)answer.StatusCode == 503)));
        await app.Runtime();
        foreach (HttpResponseMessage answer in answers.Where((answer) => answer.IsSuccessStatusCode))
            Assert.Equal(1, (await BrokerApp.Events(answer)).Final().GetProperty("result").GetInt32());
        foreach (HttpResponseMessage answer in answers) answer.Dispose();
        Assert.Equal(2, (await broker.Run("return 2")).Final().GetProperty("result").GetInt32());
    }

    [Fact]
    public async Task A_tenants_share_that_is_full_is_its_own_fault_and_who_waits_knows_its_place()
    {
        await using var app = new QueueApp(server.Address);
        BrokerApp broker = await ForTenants(app, (tenant) => tenant == "other" ? new QueueTenant { Priority = 1 } : new QueueTenant { MaxWaiting = 2 });
        string[] flood = [await Open(broker, "flood"), await Open(broker, "flood")];

        using HttpResponseMessage refused = await Post(broker, "flood");
        string other = await Open(broker, "other");

        Assert.Equal(429, (int)refused.StatusCode);
        Assert.Equal("SHARE_FULL", JsonElement.Parse(await refused.Content.ReadAsStringAsync()).GetProperty("code").GetString());
        Assert.Equal("""{"place":1,"waiting":3}""", await Queue(broker, "other", other));
        Assert.Equal("""{"place":2,"waiting":3}""", await Queue(broker, "flood", flood[0]));
        Assert.Equal("""{"place":3,"waiting":3}""", await Queue(broker, "flood", flood[1]));
        await app.Runtime();
        await Within.Becomes(() => Queue(broker, "flood", flood[1]).GetAwaiter().GetResult() is null, "the last has begun");
    }

    [Fact]
    public async Task A_queue_of_the_server_that_is_full_is_told_and_one_that_empties_goes_on()
    {
        await using var app = new QueueApp(server.Address);
        BrokerApp broker = await app.Broker((options) => (options.MaxQueueLength, options.QueueTimeout) = (1, TimeSpan.FromSeconds(1)));
        await using RawPeer peer = await RawPeer.Connect(app);
        await Within.Becomes(() => peer.Present(4).IsCompletedSuccessfully && broker.Http.GetAsync("/health").GetAwaiter().GetResult().IsSuccessStatusCode,
            "the broker believes in a runtime");
        for (int i = 0; i < 4; i++) await peer.PublishRun(Encoding.UTF8.GetBytes("junk"));

        // The server starts to refuse a little after it is full.
        JsonElement refused = (await broker.Run("return 1")).Final();
        for (int i = 0; i < 5 && refused.ErrorCode() == "QUEUE_TIMEOUT"; i++) refused = (await broker.Run("return 1")).Final();

        Assert.Equal("QUEUE_FULL", refused.ErrorCode());
        Assert.Contains("MaxQueueLength", refused.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        await app.Runtime();
        Task<JsonElement[]> waiting = broker.Run("return 2");
        Assert.Equal(2, (await waiting).Final().GetProperty("result").GetInt32());
    }

    [Fact]
    public async Task No_more_is_published_than_twice_what_is_free()
    {
        await using var app = new QueueApp(server.Address);
        BrokerApp broker = await app.Broker();
        await app.Runtime(sessions: 2);
        await QueueApp.Ready(broker);
        Task<JsonElement[]>[] all = [.. Enumerable.Range(0, 20).Select((_) => broker.Run("await callTool('time:sleep', { ms: 50 }); return 1;"))];
        int most = 0;
        while (!Task.WhenAll(all).IsCompleted)
        {
            most = Math.Max(most, broker.Services.Lanes().Sum((lane) => lane.Published));
            await Task.Yield();
        }

        Assert.InRange(most, 1, 4);
        Assert.All(await Task.WhenAll(all), (events) => Assert.Equal(1, events.Final().GetProperty("result").GetInt32()));
    }

    private Task<BrokerApp> ForTenants(QueueApp app, Func<string?, QueueTenant>? terms) => app.Broker(
        (options) => options.TenantOf = terms,
        _effects.Add,
        services: (services) =>
            services.AddEnclaveBrokerTokens((tokens) => tokens.Add("flood-token-of-tests", "flood", "flood").Add("other-token-of-tests", "other", "other")),
        routes: static (application) => application.MapEnclaveBroker().RequireAuthorization());

    private static async Task<Task<JsonElement[]>> Begin(BrokerApp broker, string tenant)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/sessions")
        {
            Content = BrokerApp.Json($$"""{ "code": "await callTool('effect', { name: '{{tenant}}' }); return 1;" }"""),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", $"{tenant}-token-of-tests");
        HttpResponseMessage response = await Within.Deadline(broker.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead), "answer of the broker");
        return BrokerApp.Events(response);
    }

    private static Task<HttpResponseMessage> Post(BrokerApp broker, string tenant) =>
        broker.Send(HttpMethod.Post, "/sessions", """{ "code": "return 1" }""", $"{tenant}-token-of-tests");

    /// <summary>Opens a session without reading its stream, and returns its name.</summary>
    private static async Task<string> Open(BrokerApp broker, string tenant)
    {
        HttpResponseMessage opened = await Post(broker, tenant);
        Assert.Equal(200, (int)opened.StatusCode);
        return opened.Headers.GetValues("X-Session-ID").Single();
    }

    private static async Task<string?> Queue(BrokerApp broker, string tenant, string session)
    {
        using HttpResponseMessage info = await broker.Send(HttpMethod.Get, $"/sessions/{session}", token: $"{tenant}-token-of-tests");
        return JsonElement.Parse(await info.Content.ReadAsStringAsync()).TryGetProperty("queue", out JsonElement queue) ? queue.GetRawText() : null;
    }
}
