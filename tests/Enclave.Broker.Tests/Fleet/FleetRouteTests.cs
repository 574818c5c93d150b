using System.Net;
using System.Text.Json;
using Enclave.Broker.Access;
using Enclave.Broker.Fleet;
using Enclave.Runtime;
using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Enclave.Broker.Tests.Fleet;

/// <summary><c>GET /fleet</c> of a single broker.</summary>
public sealed class FleetRouteTests
{
    private const string Secret = "the-runtimes-own-secret", Client = "the-token-of-a-client", Operator = "the-token-of-an-operator";

    [Fact]
    public async Task A_broker_alone_tells_of_itself_its_workers_its_queue_and_its_tenants()
    {
        await using BrokerApp app = await BrokerApp.Start(
            (services) =>
            {
                services.AddEnclave((options) =>
                {
                    TestTools.Add(options);
                    options.SecurityLevel = SecurityLevel.Standard;
                    options.WorkerPool = WorkerPoolPresets.Standard with { MinWorkers = 1, MaxWorkers = 1, MaxQueueSize = 1 };
                });
                services.AddEnclaveBroker();
                services.AddEnclaveBrokerTokens((tokens) => tokens.Add(Client, "shop-backend", "shop"));
                services.Configure<FleetOptions>((fleet) => (fleet.Name, fleet.TenantNames) = ("alone", FleetTenantNames.Names));
            },
            Open);
        await app.Run("return 1");
        await app.Run("const all = []; for (let i = 0; i < 10000; i++) all.push(new Array(100000).fill(i)); return 1");
        using HttpResponseMessage running = await app.Send(
            HttpMethod.Post, "/sessions", """{ "code": "return await callTool('time:sleep', { ms: 60000 })" }""", Client);
        await Within.Becomes(() => app.Get("/fleet").GetAwaiter().GetResult().GetProperty("brokers")[0].GetProperty("running").GetInt32() == 1
            && app.Services.GetRequiredService<IEnclave>().GetSnapshot().ActiveWorkers == 1, "one runs");
        using HttpResponseMessage waiting = await app.Send(HttpMethod.Post, "/sessions", """{ "code": "return 2" }""", Client);
        using HttpResponseMessage refused = await app.Send(HttpMethod.Post, "/sessions", """{ "code": "return 3" }""", Client);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);

        JsonElement fleet = default;
        await Within.Becomes(
            () => (fleet = app.Get("/fleet").GetAwaiter().GetResult()).GetProperty("queues")[0].GetProperty("waiting").GetInt32() == 1, "one waits");

        JsonElement broker = fleet.GetProperty("brokers").EnumerateArray().Single();
        Assert.Equal(("alone", "ok", "embedded", fleet.GetProperty("self").GetString()), (broker.GetProperty("name").GetString(),
            broker.GetProperty("state").GetString(), broker.GetProperty("mode").GetString(), broker.GetProperty("id").GetString()));
        Assert.Equal((2, 1, 100, 4, 1),
            (Number(broker, "running"), Number(broker, "waiting"), Number(broker, "max"), Number(broker, "total"), Number(broker, "refused")));
        Assert.Equal(app.Address.ToString().TrimEnd('/'), broker.GetProperty("address").GetString());
        Assert.InRange(broker.GetProperty("p50").GetDouble(), 0.001, broker.GetProperty("p99").GetDouble());
        JsonElement here = fleet.GetProperty("runtimes").EnumerateArray().Single();
        Assert.Equal(("standard", 1, 1), (here.GetProperty("level").GetString(), Number(here, "slots"), Number(here.GetProperty("pool"), "active")));
        JsonElement queue = fleet.GetProperty("queues").EnumerateArray().Single();
        Assert.Equal(("standard", 1, 0), (queue.GetProperty("name").GetString(), Number(queue, "waiting"), Number(queue, "free")));
        Assert.InRange(Number(queue, "ageMs"), 0, 60_000);
        Assert.Equal("""[{"name":"shop","running":1,"waiting":1,"refused":1}]""", fleet.GetProperty("tenants").GetRawText());
        Assert.Equal("""{"memory":1}""", fleet.GetProperty("recycled").GetRawText());
        Assert.Equal("{}", fleet.GetProperty("security").GetRawText());
    }

    [Fact]
    public async Task Tenants_have_pseudonyms_unless_somebody_says_otherwise()
    {
        await using BrokerApp app = await BrokerApp.Start(
            (services) =>
            {
                services.AddOptions<EnclaveOptions>().Configure(TestTools.Add);
                services.AddEnclaveBroker((broker) => broker.MaxSessionsPerOwner = 1);
                services.AddEnclaveBrokerTokens((tokens) => tokens.Add(Client, "shop-backend", "a-tenants-name"));
            },
            Open);
        using HttpResponseMessage one = await app.Send(HttpMethod.Post, "/sessions", """{ "code": "return await callTool('time:sleep', { ms: 60000 })" }""",
            Client), more = await app.Send(HttpMethod.Post, "/sessions", """{ "code": "return 1" }""", Client);

        string fleet = (await app.Get("/fleet")).GetRawText();

        Assert.DoesNotContain("a-tenants-name", fleet, StringComparison.Ordinal);
        JsonElement tenant = JsonElement.Parse(fleet).GetProperty("tenants").EnumerateArray().Single();
        Assert.Matches("^[0-9a-f]{16}$", tenant.GetProperty("name").GetString()!);
        Assert.Equal(1, Number(tenant, "refused"));
    }

    [Fact]
    public async Task Runtimes_that_are_dialled_are_told_of_and_one_that_is_gone_is_unreachable()
    {
        await using RuntimeWorker here = await StartRuntime(), gone = await StartRuntime();
        await using BrokerApp app = await BrokerApp.Start(
            (services) => services.AddEnclaveBrokerOverRuntimes((options) =>
            {
                options.Runtimes.Add(here.Address!);
                options.Runtimes.Add(gone.Address!);
                options.Token = Secret;
            }),
            Open);
        for (int i = 0; i < 2; i++) await app.Run("return 1");
        await gone.StopAsync();

        JsonElement[] runtimes = [];
        await Within.Becomes(() => (runtimes = [.. app.Get("/fleet").GetAwaiter().GetResult().GetProperty("runtimes").EnumerateArray()])
            .Any((runtime) => runtime.GetProperty("state").GetString() == "unreachable"), "the stopped runtime is unreachable");

        JsonElement ok = runtimes.Single((runtime) => runtime.GetProperty("state").GetString() == "ok"), lost = runtimes.Single(
            (runtime) => runtime.GetProperty("state").GetString() == "unreachable");
        Assert.Equal($"ws://127.0.0.1:{here.Address!.Port}", ok.GetProperty("name").GetString());
        Assert.Equal((10, "standard"), (Number(ok, "slots"), ok.GetProperty("level").GetString()));
        Assert.Matches(@"^\d+\.\d+\.\d+$", ok.GetProperty("version").GetString()!);
        Assert.NotEqual(0, Number(ok.GetProperty("pool"), "workers"));
        Assert.NotEmpty(lost.GetProperty("message").GetString()!);
        Assert.False(lost.TryGetProperty("pool", out _));
    }

    [Fact]
    public async Task Operators_are_let_in_and_nobody_else()
    {
        await using BrokerApp app = await BrokerApp.Start(
            (services) =>
            {
                services.AddEnclaveBroker();
                services.AddEnclaveBrokerTokens((tokens) => tokens.Add(Client, "client").AddOperator(Operator, "ops"));
            },
            static (application) =>
            {
                application.MapEnclaveBroker().RequireAuthorization();
                application.MapEnclaveBrokerFleet().RequireAuthorization((who) => who.RequireRole(BrokerTokens.OperatorRole));
            });

        Assert.Equal(HttpStatusCode.Unauthorized, await Status(app, null));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(app, "a-token-that-is-nobodys"));
        Assert.Equal(HttpStatusCode.Forbidden, await Status(app, Client));
        Assert.Equal(HttpStatusCode.OK, await Status(app, Operator));
        using HttpResponseMessage forbidden = await app.Send(HttpMethod.Get, "/fleet", token: Client);
        Assert.Equal("FORBIDDEN", JsonElement.Parse(await forbidden.Content.ReadAsStringAsync()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_fleet_that_nobody_guards_does_not_start()
    {
        InvalidOperationException refused = await Assert.ThrowsAnyAsync<InvalidOperationException>(
            () => BrokerApp.Start(static (services) => services.AddEnclaveBroker(), static (app) =>
        {
            app.MapEnclaveBroker().AllowAnonymous();
            app.MapEnclaveBrokerFleet();
        }));

        Assert.Contains("MapEnclaveBrokerFleet()", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_part_that_says_nothing_more_is_shown_as_silent_and_then_not_at_all()
    {
        await using BrokerApp app = await BrokerApp.Start(
            static (services) =>
            {
                services.AddEnclaveBroker();
                services.Configure<FleetOptions>((fleet) => (fleet.Silence, fleet.Forget) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)));
            },
            Open);
        FleetTable table = app.Services.GetRequiredService<FleetTable>();
        table.TryTake(new BrokerPart("other", "other", "ok")
        {
            Mode = "queues",
            Queues = [new QueuePart("secure.default", 5, 0, 3, 10)],
            Tenants = [new TenantPart("acme", 1, 0, 0)],
        });
        table.TryTake(new RuntimePart("r", "r", "ok") { Pool = new PoolPart { Security = new Dictionary<string, long> { ["protocol_violation"] = 2 } } });

        JsonElement fleet = await app.Get("/fleet");
        Assert.Equal(2, fleet.GetProperty("brokers").GetArrayLength());
        Assert.Equal("""{"protocol_violation":2}""", fleet.GetProperty("security").GetRawText());
        Assert.Contains("acme", fleet.GetProperty("tenants").GetRawText(), StringComparison.Ordinal);

        await Within.Becomes(() => State(app, "brokers", "other") == "silent" && State(app, "runtimes", "r") == "silent", "both are silent");
        fleet = await app.Get("/fleet");
        // Sums leave out silent parts.
        Assert.Equal(("{}", "[]"), (fleet.GetProperty("security").GetRawText(), fleet.GetProperty("tenants").GetRawText()));
        Assert.DoesNotContain("secure.default", fleet.GetProperty("queues").GetRawText(), StringComparison.Ordinal);
        await Within.Becomes(() => State(app, "brokers", "other") is null && State(app, "runtimes", "r") is null, "both are gone");
    }

    private static string? State(BrokerApp app, string list, string id) =>
        app.Get("/fleet").GetAwaiter().GetResult().GetProperty(list).EnumerateArray()
            .Where((part) => part.GetProperty("id").GetString() == id).Select((part) => part.GetProperty("state").GetString()).SingleOrDefault();

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();

    private static async Task<HttpStatusCode> Status(BrokerApp app, string? token)
    {
        using HttpResponseMessage response = await app.Send(HttpMethod.Get, "/fleet", token: token);
        return response.StatusCode;
    }

    private static void Open(WebApplication app)
    {
        app.MapEnclaveBroker().AllowAnonymous();
        app.MapEnclaveBrokerFleet().AllowAnonymous();
    }

    private static async Task<RuntimeWorker> StartRuntime()
    {
        RuntimeWorker runtime = RuntimeWorkerFactory.CreateRuntimeWorker(
            new RuntimeWorkerOptions { Port = 0, SecurityLevel = SecurityLevel.Standard, Security = new RuntimeSecurityOptions { SharedSecret = Secret } });
        await Within.Deadline(runtime.StartAsync(), "start of the runtime");
        return runtime;
    }
}
