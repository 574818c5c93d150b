using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Enclave.Runtime;
using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Enclave.Broker.Tests.Runtimes;

/// <summary>More sessions than the runtimes have slots: they wait, as for the broker's own workers.</summary>
public sealed class FullRuntimesTests
{
    private const string Secret = "the-runtimes-own-secret";

    [Fact]
    public async Task A_session_waits_for_a_place_and_then_runs()
    {
        await using RuntimeWorker runtime = await Start();
        await using BrokerApp app = await Over(runtime.Address!);
        using HttpResponseMessage running = await Begin(app, "s_running"), waiting = await app.Post("""{ "sessionId": "s_waiting", "code": "return 7" }""");
        await Within.Becomes(() => Place(app, "s_waiting") == (1, 1), "it waits");

        (await app.Send(HttpMethod.Delete, "/sessions/s_running")).Dispose();

        Assert.Equal(7, (await BrokerApp.Events(waiting)).Final().GetProperty("result").GetInt32());
    }

    [Fact]
    public async Task A_session_waits_for_the_place_of_another_brokers_session()
    {
        await using RuntimeWorker runtime = await Start();
        await using BrokerApp one = await Over(runtime.Address!), other = await Over(runtime.Address!);
        using HttpResponseMessage running = await Begin(one, "s_running"), waiting = await other.Post("""{ "sessionId": "s_waiting", "code": "return 7" }""");
        await Within.Becomes(() => Place(other, "s_waiting") == (1, 1), "it waits");

        (await one.Send(HttpMethod.Delete, "/sessions/s_running")).Dispose();

        Assert.Equal(7, (await BrokerApp.Events(waiting)).Final().GetProperty("result").GetInt32());
    }

    [Fact]
    public async Task Tenants_take_turns_and_each_session_is_told_its_place()
    {
        await using RuntimeWorker runtime = await Start();
        await using BrokerApp app = await Over(runtime.Address!);
        using HttpResponseMessage running = await Begin(app, "s_0", "one");
        using HttpResponseMessage first = await Wait(app, "s_1", "one"), second = await Wait(app, "s_2", "one"), other = await Wait(app, "s_3", "other");

        Assert.Equal(((1, 3), (2, 3), (3, 3)), (Place(app, "s_1", "one"), Place(app, "s_3", "other"), Place(app, "s_2", "one")));
        JsonElement figures = (await app.Get("/fleet")).GetProperty("queues")[0];
        Assert.Equal(("runtimes", 3), (figures.GetProperty("name").GetString(), figures.GetProperty("waiting").GetInt32()));
        (await app.Send(HttpMethod.Delete, "/sessions/s_0", token: Token("one"))).Dispose();
        await Within.Becomes(() => Place(app, "s_1", "one") is null, "the first has begun");
        Assert.Equal(((1, 2), (2, 2)), (Place(app, "s_3", "other"), Place(app, "s_2", "one")));
    }

    [Fact]
    public async Task A_full_queue_is_a_status_and_no_session()
    {
        await using RuntimeWorker runtime = await Start();
        await using BrokerApp app = await Over(runtime.Address!, (options) => (options.MaxWaiting, options.MaxWaitingPerTenant) = (2, 1));
        using HttpResponseMessage running = await Begin(app, "s_0", "one"), waiting = await Wait(app, "s_1", "one");

        using HttpResponseMessage refused = await app.Send(HttpMethod.Post, "/sessions", """{ "sessionId": "s_2", "code": "return 1" }""", Token("one"));
        using HttpResponseMessage other = await Wait(app, "s_3", "other");

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Contains("MaxWaitingPerTenant", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using HttpResponseMessage found = await app.Send(HttpMethod.Get, "/sessions/s_2", token: Token("one"));
        Assert.Equal(HttpStatusCode.NotFound, found.StatusCode);
    }

    [Fact]
    public async Task A_session_that_waits_too_long_ends_and_one_that_is_cancelled_does_at_once()
    {
        await using RuntimeWorker runtime = await Start();
        await using BrokerApp app = await Over(runtime.Address!, (options) => options.QueueTimeout = TimeSpan.FromSeconds(1));
        using HttpResponseMessage running = await Begin(app, "s_0");

        JsonElement late = (await app.Run("return 1")).Final(), dead = (await app.Run("return 1", ", \"limits\": { \"sessionTtlMs\": 300 }")).Final();
        using HttpResponseMessage cancelled = await Wait(app, "s_1");
        (await app.Http.PostAsync("/sessions/s_1/cancel", new StringContent("""{"reason":"enough"}"""))).Dispose();

        Assert.Equal(
            ("QUEUE_TIMEOUT", "TIMEOUT", "SESSION_CANCELLED"), (late.ErrorCode(), dead.ErrorCode(), (await BrokerApp.Events(cancelled)).Final().ErrorCode()));
        Assert.Equal(1, runtime.GetStats().TotalSessions);
    }

    [Fact]
    public async Task Many_sessions_on_few_places_all_run_once()
    {
        int sessions = TestSize.Of(40, 1000);
        await using RuntimeWorker one = await Start(2), two = await Start(1);
        await using BrokerApp app = await Over([one.Address!, two.Address!], (options) => options.MaxWaiting = sessions);

        JsonElement[][] all = await Task.WhenAll(Enumerable.Range(0, sessions).Select((n) => app.Run($"return {n}")));

        Assert.Equal(Enumerable.Range(0, sessions), all.Select((events) => events.Final().GetProperty("result").GetInt32()));
    }

    [Fact]
    public async Task Two_owners_may_give_their_sessions_one_name()
    {
        await using RuntimeWorker runtime = await Start(2);
        await using BrokerApp app = await Over(runtime.Address!);
        using HttpResponseMessage mine = await Begin(app, "s_1", "one");

        using HttpResponseMessage other = await app.Send(HttpMethod.Post, "/sessions", """{ "sessionId": "s_1", "code": "return 7" }""", Token("other"));

        Assert.Equal(7, (await BrokerApp.Events(other)).Final().GetProperty("result").GetInt32());
    }

    [Fact]
    public async Task Readiness_follows_the_runtimes_and_liveness_does_not()
    {
        RuntimeWorker runtime = await Start();
        Uri address = runtime.Address!;
        await using BrokerApp app = await Over(address);
        Assert.Equal((200, 200, 200), await Health(app));

        await runtime.DisposeAsync();
        await Within.Becomes(() => Health(app).GetAwaiter().GetResult() == (503, 503, 200), "the broker said that it is not ready");
        Assert.Equal("unavailable", (await app.Get("/health")).GetProperty("status").GetString());

        await using RuntimeWorker again = await Start(port: address.Port);
        await Within.Becomes(() => Health(app).GetAwaiter().GetResult() == (200, 200, 200), "it was ready again");
    }

    [Theory]
    [InlineData("another-secret-altogether", "ws://127.0.0.1:1/")]
    [InlineData(Secret, "ws://127.0.0.1:1/")]
    [InlineData("another-secret-altogether", null)]
    public async Task A_broker_that_can_use_no_runtime_is_not_ready_from_its_first_answer(string secret, string? elsewhere)
    {
        await using RuntimeWorker runtime = await Start();
        await using BrokerApp app = await Over(elsewhere is null ? runtime.Address! : new Uri(elsewhere), (options) => options.Token = secret);

        Assert.Equal((503, 503, 200), await Health(app));
    }

    private static async Task<(int Health, int Ready, int Live)> Health(BrokerApp app)
    {
        return (await Status("/health"), await Status("/health/ready"), await Status("/health/live"));

        async Task<int> Status(string path)
        {
            using HttpResponseMessage response = await app.Send(HttpMethod.Get, path);
            return (int)response.StatusCode;
        }
    }

    private static string Token(string client) => $"{client}-token-of-the-tests";

    private static async Task<HttpResponseMessage> Begin(BrokerApp app, string session, string? client = null)
    {
        HttpResponseMessage response = await Sleep(app, session, client);
        await Within.Becomes(() => Info(app, session, client).GetProperty("stats").GetProperty("toolCallCount").GetInt32() == 1, $"{session} runs");
        return response;
    }

    private static async Task<HttpResponseMessage> Wait(BrokerApp app, string session, string? client = null)
    {
        HttpResponseMessage response = await Sleep(app, session, client);
        await Within.Becomes(() => Place(app, session, client) is not null, $"{session} waits");
        return response;
    }

    private static async Task<HttpResponseMessage> Sleep(BrokerApp app, string session, string? client)
    {
        HttpResponseMessage response = await app.Send(HttpMethod.Post, "/sessions",
            $$"""{ "sessionId": "{{session}}", "code": "return await callTool('time:sleep', { ms: 60000 })" }""", client is null ? null : Token(client));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return response;
    }

    private static (int Place, int Waiting)? Place(BrokerApp app, string session, string? client = null) =>
        Info(app, session, client).TryGetProperty("queue", out JsonElement queue)
            ? (queue.GetProperty("place").GetInt32(), queue.GetProperty("waiting").GetInt32())
            : null;

    private static JsonElement Info(BrokerApp app, string session, string? client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/sessions/{session}");
        if (client is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token(client));
        using HttpResponseMessage response = app.Http.Send(request);
        return JsonElement.Parse(response.Content.ReadAsStringAsync().GetAwaiter().GetResult());
    }

    private static async Task<RuntimeWorker> Start(int maxSessions = 1, int port = 0)
    {
        RuntimeWorker runtime = RuntimeWorkerFactory.CreateRuntimeWorker(new RuntimeWorkerOptions
        {
            Port = port,
            MaxSessions = maxSessions,
            SecurityLevel = SecurityLevel.Standard,
            Security = new RuntimeSecurityOptions { SharedSecret = Secret }
        });
        await Within.Deadline(runtime.StartAsync(), "start of the runtime");
        return runtime;
    }

    private static Task<BrokerApp> Over(Uri runtime, Action<RuntimeOptions>? more = null) => Over([runtime], more);

    private static Task<BrokerApp> Over(Uri[] runtimes, Action<RuntimeOptions>? more = null) => BrokerApp.Start(
        (services) =>
        {
            services.AddOptions<EnclaveOptions>().Configure(TestTools.Add);
            services.Configure<BrokerOptions>(static (options) => options.MaxSessions = options.MaxSessionsPerOwner = 1_000);
            services.AddEnclaveBrokerOverRuntimes((options) =>
            {
                foreach (Uri runtime in runtimes) options.Runtimes.Add(runtime);
                options.Token = Secret;
                more?.Invoke(options);
            });
            services.AddEnclaveBrokerTokens((tokens) => tokens.Add(Token("one"), "one").Add(Token("other"), "other"));
        },
        static (app) =>
        {
            app.MapEnclaveBroker().AllowAnonymous();
            app.MapEnclaveBrokerFleet().AllowAnonymous();
        });
}
