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
        // One that runs, two that are published, and one whose turn it was.
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
        List<Task<JsonElement[]>> all = [.. await Task.WhenAll(Enumerable.Range(0, 4).Select((_) => Begin(broker, "flood")))];
        await Within.Becomes(() => _effects.Seen.Length > 0, "one has begun");

        Assert.InRange(runtime.Worker.GetStats().ActiveSessions, 0, 1);
        all.Add(await Begin(broker, "other"));
        await Task.WhenAll(all);

        // It was not behind the three that the cap held back.
        Assert.InRange(Array.IndexOf(_effects.Seen, "other"), 0, 3);
    }

    [Fact]
    public async Task A_full_broker_refuses_at_once_and_loses_nothing()
    {
        await using var app = new QueueApp(server.Address);
        BrokerApp broker = await app.Broker((options) => options.MaxWaiting = 2);
        Task<JsonElement[]> first = broker.Run("return 1"), second = broker.Run("return 2");
        await Within.Becomes(() => broker.Services.Lanes().Sum((lane) => lane.Waiting) == 2, "two wait");

        JsonElement refused = (await broker.Run("return 3")).Final();
        await app.Runtime();

        Assert.Equal("QUEUE_FULL", refused.ErrorCode());
        Assert.Contains("MaxWaiting", refused.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal([1, 2], (await Task.WhenAll(first, second)).Select((events) => events.Final().GetProperty("result").GetInt32()));
    }

    [Fact]
    public async Task A_queue_of_the_server_that_is_full_is_told_and_one_that_empties_goes_on()
    {
        await using var app = new QueueApp(server.Address);
        BrokerApp broker = await app.Broker((options) => (options.MaxQueueLength, options.QueueTimeout) = (1, TimeSpan.FromSeconds(1)));
        await using RawPeer peer = await RawPeer.Connect(app);
        await Within.Becomes(() => peer.Present(4).IsCompletedSuccessfully && broker.Http.GetAsync("/health").GetAwaiter().GetResult().IsSuccessStatusCode, "the broker believes in a runtime");
        for (int i = 0; i < 4; i++) await peer.PublishRun(Encoding.UTF8.GetBytes("junk"));

        // The server begins to refuse a little later than it is full.
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
        services: (services) => services.AddEnclaveBrokerTokens((tokens) => tokens.Add("flood-token-of-tests", "flood", "flood").Add("other-token-of-tests", "other", "other")),
        routes: static (application) => application.MapEnclaveBroker().RequireAuthorization());

    private static async Task<Task<JsonElement[]>> Begin(BrokerApp broker, string tenant)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/sessions") { Content = BrokerApp.Json($$"""{ "code": "await callTool('effect', { name: '{{tenant}}' }); return 1;" }""") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", $"{tenant}-token-of-tests");
        HttpResponseMessage response = await Within.Deadline(broker.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead), "answer of the broker");
        return BrokerApp.Events(response);
    }
}
