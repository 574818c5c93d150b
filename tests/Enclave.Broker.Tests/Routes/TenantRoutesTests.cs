using System.Net;
using System.Text.Json;
using Enclave.Broker.Access;
using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Enclave.Broker.Tests.Routes;

/// <summary>The routes for the operator of tenants.</summary>
public sealed class TenantRoutesTests : IDisposable
{
    private const string Client = "clients-token-0123456789", Operator = "operators-token-0123456789";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_operator_sees_the_use_suspends_and_resumes_and_each_change_is_in_the_audit()
    {
        string policies = _folder.File("policies.json", """
            { "tenants": { "acme": { "quotas": [ { "of": "runs", "kind": "budget", "value": 5, "per": "day" } ] } }, "default": {} }
            """);
        await using BrokerApp app = await Open(policies);
        Assert.Equal(HttpStatusCode.OK, (await RunAsync(app)).StatusCode);

        JsonElement shown = await Json(app, HttpMethod.Get, "/tenants/tenant?name=acme");
        JsonElement suspended = await Json(app, HttpMethod.Post, "/tenants/tenant/state?name=acme", """{ "state": "suspended" }""");
        HttpStatusCode refused = (await RunAsync(app)).StatusCode;
        JsonElement listed = await Json(app, HttpMethod.Get, "/tenants");
        JsonElement resumed = await Json(app, HttpMethod.Post, "/tenants/tenant/state?name=acme", """{ "state": "active" }""");
        HttpStatusCode again = (await RunAsync(app)).StatusCode;

        Assert.Equal(("active", 1.0, 5.0), (Text(shown, "state"), shown.GetProperty("quotas")[0].GetProperty("used").GetDouble(),
            shown.GetProperty("quotas")[0].GetProperty("limit").GetDouble()));
        Assert.Equal(("suspended", HttpStatusCode.Forbidden, "active", HttpStatusCode.OK), (Text(suspended, "state"), refused, Text(resumed, "state"), again));
        Assert.Equal(("acme", "suspended"), (Text(listed.GetProperty("tenants")[0], "tenant"), Text(listed.GetProperty("tenants")[0], "state")));
        JsonElement[] audit = [.. File.ReadLines($"{policies}.audit.jsonl").Select((line) => JsonElement.Parse(line))];
        Assert.Equal([("boss", "acme", "active", "suspended"), ("boss", "acme", "suspended", "active")],
            audit.Select((line) => (Text(line, "by")!, Text(line, "tenant")!, Text(line, "from")!, Text(line, "to")!)));
        // The file has the change: other hosts follow, and the next start too.
        Assert.Contains("\"state\": \"active\"", File.ReadAllText(policies), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_is_put_as_a_whole_and_a_wrong_one_changes_nothing()
    {
        string policies = _folder.File("policies.json", """{ "tenants": { "acme": { "concurrency": 2 } } }""");
        await using BrokerApp app = await Open(policies);
        string before = Text(await Json(app, HttpMethod.Get, "/tenants/tenant?name=acme"), "version")!;

        JsonElement wrong = await Json(app, HttpMethod.Put, "/tenants/tenant?name=acme", """{ "concurrency": 0 }""");
        JsonElement unknown = await Json(app, HttpMethod.Put, "/tenants/tenant?name=acme", """{ "speed": 3 }""");
        JsonElement odd = await Json(app, HttpMethod.Post, "/tenants/tenant/state?name=acme", """{ "state": 2 }""");
        JsonElement nameless = await Json(app, HttpMethod.Put, "/tenants/tenant", "{}");
        JsonElement put = await Json(app, HttpMethod.Put, "/tenants/tenant?name=acme", """{ "concurrency": 7, "state": "paused" }""");

        Assert.All((JsonElement[])[wrong, unknown, odd, nameless], (one) => Assert.Equal("INVALID_REQUEST", Text(one, "code")));
        Assert.Equal(("paused", 7), (Text(put, "state"), put.GetProperty("policy").GetProperty("concurrency").GetInt32()));
        Assert.NotEqual(before, Text(put, "version"));
    }

    [Fact]
    public async Task Usage_comes_from_the_ledger_by_group()
    {
        await using BrokerApp app = await Open(_folder.File("policies.json", "{}"));
        for (int i = 0; i < 3; i++) await RunAsync(app);

        JsonElement usage = (await Json(app, HttpMethod.Get, "/tenants/usage?by=tenant,month")).GetProperty("usage");
        JsonElement wrong = await Json(app, HttpMethod.Get, "/tenants/usage?by=colour");

        Assert.Equal(("acme", 3), (Text(usage[0], "tenant"), usage[0].GetProperty("runs").GetInt32()));
        Assert.Equal("INVALID_REQUEST", Text(wrong, "code"));
    }

    [Fact]
    public async Task Other_clients_have_no_access()
    {
        await using BrokerApp app = await Open(_folder.File("policies.json", "{}"));
        foreach ((HttpMethod method, string path) in ((HttpMethod, string)[])[(HttpMethod.Get, "/tenants"), (HttpMethod.Get, "/tenants/tenant?name=acme"),
            (HttpMethod.Put, "/tenants/tenant?name=acme"), (HttpMethod.Post, "/tenants/tenant/state?name=acme"), (HttpMethod.Get, "/tenants/usage")])
        {
            using HttpResponseMessage refused = await app.Send(method, path, "{}", Client);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }
    }

    private Task<BrokerApp> Open(string policies) => BrokerApp.Start(
        (services) =>
        {
            services.AddEnclave(static (options) => options.WorkerPool = new WorkerPoolOptions { MinWorkers = 1, MaxWorkers = 2 }).AddTenants((options) =>
            {
                options.PolicyFile = policies;
                options.LedgerFolder = Path.Combine(_folder.Path, "ledger");
            });
            services.AddEnclaveBroker();
            services.AddEnclaveBrokerTokens(static (tokens) => tokens.Add(Client, "ann", "acme").AddOperator(Operator, "boss"));
        },
        static (app) =>
        {
            app.MapEnclaveBroker().RequireAuthorization();
            app.MapEnclaveTenants().RequireAuthorization(static (who) => who.RequireRole(BrokerTokens.OperatorRole));
        });

    private static async Task<HttpResponseMessage> RunAsync(BrokerApp app)
    {
        HttpResponseMessage response = await app.Send(HttpMethod.Post, "/sessions", """{ "code": "return 1" }""", Client);
        await response.Content.ReadAsStringAsync();
        return response;
    }

    private static async Task<JsonElement> Json(BrokerApp app, HttpMethod method, string path, string? body = null)
    {
        using HttpResponseMessage response = await app.Send(method, path, body, Operator);
        return JsonElement.Parse(await response.Content.ReadAsStringAsync());
    }

    private static string? Text(JsonElement json, string member) => json.GetProperty(member).GetString();
}
