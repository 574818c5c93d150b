using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Enclave.Broker.Tests.Upstream;
using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Enclave.Broker.Tests.Routes;

/// <summary>More sessions than there are workers and places in the queue.</summary>
public sealed class FullQueueTests
{
    private const string Sleep = """{ "sessionId": "SESSION", "code": "return await callTool('time:sleep', { ms: 60000 })" }""";

    [Fact]
    public async Task A_full_queue_is_a_status_and_no_session()
    {
        await using BrokerApp app = await Open();
        using HttpResponseMessage running = await Begin(app, "s_running"), waiting = await Begin(app, "s_waiting", waits: true);

        using HttpResponseMessage refused = await app.Post("""{ "sessionId": "s_refused", "code": "return 1" }""");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
        Assert.Equal("application/json", refused.Content.Headers.ContentType!.MediaType);
        JsonElement told = JsonElement.Parse(await refused.Content.ReadAsStringAsync());
        Assert.Equal("QUEUE_FULL", told.GetProperty("code").GetString());
        Assert.Contains("MaxQueueSize", told.GetProperty("message").GetString(), StringComparison.Ordinal);
        using HttpResponseMessage found = await app.Send(HttpMethod.Get, "/sessions/s_refused");
        Assert.Equal(HttpStatusCode.NotFound, found.StatusCode);
        Assert.Equal(2, (await app.Get("/sessions")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Without_a_queue_and_without_ready_workers_a_session_runs()
    {
        await using BrokerApp app = await Open(queued: 0, workers: 0);

        for (int i = 0; i < 3; i++) Assert.Equal(i, (await app.Run($"return {i}")).Final().GetProperty("result").GetInt32());
    }

    [Fact]
    public async Task The_place_of_a_refused_session_is_free_for_the_next()
    {
        await using BrokerApp app = await Open((options) => options.MaxSessions = 3);
        using HttpResponseMessage running = await Begin(app, "s_running"), waiting = await Begin(app, "s_waiting", waits: true);
        // A leak would take one of the three places for good, and would keep the first key in use.
        for (int i = 0; i < 5; i++)
        {
            using HttpResponseMessage refused = await Keyed(app, "order-1");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        }

        (await app.Send(HttpMethod.Delete, "/sessions/s_waiting")).Dispose();
        (await app.Send(HttpMethod.Delete, "/sessions/s_running")).Dispose();
        await Within.Becomes(() => app.Get("/health").GetAwaiter().GetResult().GetProperty("sessions").GetProperty("active").GetInt32() == 0, "both had ended");

        using HttpResponseMessage taken = await Keyed(app, "order-1");
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        Assert.Equal(1, (await BrokerApp.Events(taken)).Final().GetProperty("result").GetInt32());
    }

    [Fact]
    public async Task A_tenant_whose_share_is_full_is_told_so_and_another_waits()
    {
        await using BrokerApp app = await Open(queued: 2, perTenant: 1);
        using HttpResponseMessage running = await Begin(app, "s_1", "one"), waiting = await Begin(app, "s_2", "one", waits: true);

        using HttpResponseMessage refused = await app.Send(HttpMethod.Post, "/sessions", """{ "code": "return 1" }""", Token("one"));
        using HttpResponseMessage other = await Begin(app, "s_3", "other", waits: true);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        JsonElement told = JsonElement.Parse(await refused.Content.ReadAsStringAsync());
        Assert.Equal("SHARE_FULL", told.GetProperty("code").GetString());
        Assert.Contains("MaxQueuedPerTenant", told.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_waiting_session_is_told_its_place_until_it_begins()
    {
        await using BrokerApp app = await Open(queued: 8);
        using HttpResponseMessage running = await Begin(app, "s_0", "one");
        using HttpResponseMessage first = await Begin(app, "s_1", "one", waits: true),
            second = await Begin(app, "s_2", "one", waits: true), third = await Begin(app, "s_3", "one", waits: true);
        using HttpResponseMessage other = await Begin(app, "s_4", "other", waits: true);

        // The other tenant has its turn after the first session of the earlier tenant.
        Assert.Equal((1, 4), await Place(app, "s_1", "one"));
        Assert.Equal((2, 4), await Place(app, "s_4", "other"));
        Assert.Equal((3, 4), await Place(app, "s_2", "one"));
        Assert.Equal((4, 4), await Place(app, "s_3", "one"));
        Assert.Null(await Place(app, "s_0", "one"));
        (await app.Send(HttpMethod.Delete, "/sessions/s_0", token: Token("one"))).Dispose();
        await Within.Becomes(() => Place(app, "s_1", "one").GetAwaiter().GetResult() is null, "the first has begun");
        Assert.Equal((1, 3), await Place(app, "s_4", "other"));
        Assert.Equal((2, 3), await Place(app, "s_2", "one"));
    }

    [Fact]
    public async Task The_documented_products_client_reads_a_session_that_waits_and_is_told_of_a_full_queue()
    {
        await using BrokerApp app = await Open();
        using HttpResponseMessage running = await Begin(app, "s_running"), waiting = await Begin(app, "s_drive", waits: true);

        JsonElement seen = await UpstreamClient.Act(app.Address, "lookup"), refused = await UpstreamClient.Act(app.Address, "plain");

        Assert.Equal("running", seen.GetProperty("session").GetProperty("state").GetString());
        Assert.False(refused.GetProperty("success").GetBoolean());
        Assert.Equal("RECONNECT_FAILED", refused.GetProperty("error").GetProperty("code").GetString());
    }

    /// <summary>A broker with one worker, and with a token for each client if there are several.</summary>
    private static Task<BrokerApp> Open(
        Action<BrokerOptions>? broker = null, int queued = 1, int? perTenant = null, int workers = 1) => BrokerApp.Start(
        (services) =>
        {
            services.AddEnclave((options) =>
            {
                TestTools.Add(options);
                // At this level a worker is not replaced for another tenant, so the order stays the same.
                options.SecurityLevel = SecurityLevel.Standard;
                options.WorkerPool = WorkerPoolPresets.Standard with
                {
                    MinWorkers = workers,
                    MaxWorkers = 1,
                    MaxQueueSize = queued,
                    MaxQueuedPerTenant = perTenant,
                };
            });
            services.AddEnclaveBroker(broker);
            services.AddEnclaveBrokerTokens((tokens) => tokens.Add(Token("one"), "one").Add(Token("other"), "other"));
        },
        static (app) => app.MapEnclaveBroker().AllowAnonymous());

    private static string Token(string client) => $"{client}-token-of-the-tests";

    /// <summary>Posts a session that sleeps, and waits until it runs, or waits.</summary>
    private static async Task<HttpResponseMessage> Begin(BrokerApp app, string session, string? client = null, bool waits = false)
    {
        HttpResponseMessage response = await app.Send(
            HttpMethod.Post, "/sessions", Sleep.Replace("SESSION", session, StringComparison.Ordinal), client is null ? null : Token(client));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        if (waits)
        {
            await Within.Becomes(() => Place(app, session, client).GetAwaiter().GetResult() is not null, $"{session} waits");
            return response;
        }

        await Within.Becomes(() => app.Services.GetRequiredService<IEnclave>().GetSnapshot() is { ActiveWorkers: 1, QueueDepth: 0 }, $"{session} runs");
        return response;
    }

    private static async Task<HttpResponseMessage> Keyed(BrokerApp app, string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/sessions") { Content = BrokerApp.Json("""{ "code": "return 1" }""") };
        request.Headers.Add("Idempotency-Key", key);
        return await Within.Deadline(app.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead), "answer of the broker");
    }

    private static async Task<(int Place, int Waiting)?> Place(BrokerApp app, string session, string? client)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/sessions/{session}");
        if (client is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token(client));
        using HttpResponseMessage response = await Within.Deadline(app.Http.SendAsync(request), $"info of {session}");
        JsonElement info = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        return info.TryGetProperty("queue", out JsonElement queue) ? (queue.GetProperty("place").GetInt32(), queue.GetProperty("waiting").GetInt32()) : null;
    }
}
