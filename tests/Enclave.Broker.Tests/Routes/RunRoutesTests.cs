using System.Net;
using System.Text.Json;
using Enclave.Broker.Access;
using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Enclave.Broker.Tests.Routes;

/// <summary>The routes for the operator of durable runs.</summary>
public sealed class RunRoutesTests
{
    private const string Client = "clients-token-0123456789", Operator = "operators-token-0123456789";

    [Fact]
    public async Task An_operator_lists_shows_answers_and_removes_runs_of_all_tenants()
    {
        await using BrokerApp app = await Open();
        IEnclave enclave = app.Services.GetRequiredService<IEnclave>();
        await enclave.StartAsync("console.log('a line'); return await callTool('pay', { amount: 5 })", Named("pay-1", "shop"));
        await enclave.StartAsync("return 1", Named("other", "bank"));

        JsonElement listed = await Json(app, HttpMethod.Get, "/runs");
        Assert.Equal(["other", "pay-1"], listed.GetProperty("runs").EnumerateArray().Select((run) => run.GetProperty("name").GetString()).Order());
        JsonElement only = (await Json(app, HttpMethod.Get, "/runs?tenant=shop&state=suspended&limit=1")).GetProperty("runs")[0];
        JsonElement wait = only.GetProperty("waits")[0];
        Assert.Equal(("pay-1", "shop", "suspended", "approval", "pay"), (Text(only, "name"), Text(only, "tenant"), Text(only, "state"),
            Text(wait, "kind"), Text(wait, "name")));

        JsonElement shown = await Json(app, HttpMethod.Get, "/runs/run?name=pay-1&tenant=shop");
        Assert.Equal(["opened", "printed", "called", "waiting", "suspended"],
            shown.GetProperty("timeline").EnumerateArray().Select((entry) => entry.GetProperty("type").GetString()));
        Assert.Equal("""{"amount":5}""", shown.GetProperty("timeline")[2].GetProperty("args").GetString());
        Assert.Equal(2, (await Json(app, HttpMethod.Get, "/runs/run?name=pay-1&tenant=shop&from=4")).GetProperty("timeline").GetArrayLength());
        Assert.Equal(0, (await Json(app, HttpMethod.Get, "/runs/run?name=pay-1&tenant=shop&from=2147483647")).GetProperty("timeline").GetArrayLength());

        JsonElement answered = await Json(app, HttpMethod.Post, "/runs/answer", $$"""{ "token": "{{Text(wait, "token")}}", "result": true }""");
        Assert.True(answered.GetProperty("answered").GetBoolean());
        DurableRun ended = await Within.Deadline(enclave.Runs.WaitAsync("pay-1", new RunOptions { Tenant = "shop" }), "end of the run");
        Assert.Equal("paid 5", ended.Result!.Value.AsString());
        shown = await Json(app, HttpMethod.Get, "/runs/run?name=pay-1&tenant=shop");
        Assert.Equal(("ended", "\"paid 5\""), (Text(shown.GetProperty("timeline").EnumerateArray().Last(), "type"),
            Text(shown.GetProperty("timeline").EnumerateArray().Last(), "value")));

        Assert.True((await Json(app, HttpMethod.Delete, "/runs/run?name=pay-1&tenant=shop")).GetProperty("deleted").GetBoolean());
        Assert.Equal("NOT_FOUND", Text(await Json(app, HttpMethod.Get, "/runs/run?name=pay-1&tenant=shop"), "code"));
    }

    [Fact]
    public async Task A_run_with_many_waits_shows_some_of_them_and_their_number()
    {
        await using BrokerApp app = await Open();
        await app.Services.GetRequiredService<IEnclave>().StartAsync(
            "await Promise.all(Array.from({ length: 60 }, (_, i) => waitFor('signal ' + i)))",
            new RunOptions { Durable = "many", MaxToolCalls = 200 });

        JsonElement listed = (await Json(app, HttpMethod.Get, "/runs")).GetProperty("runs")[0];
        JsonElement shown = await Json(app, HttpMethod.Get, "/runs/run?name=many");

        Assert.Equal((5, 60), (listed.GetProperty("waits").GetArrayLength(), listed.GetProperty("waitCount").GetInt32()));
        Assert.Equal((60, 60), (shown.GetProperty("waits").GetArrayLength(), shown.GetProperty("waitCount").GetInt32()));
    }

    [Fact]
    public async Task A_run_that_starts_over_has_another_journal()
    {
        await using BrokerApp app = await Open();
        IEnclave enclave = app.Services.GetRequiredService<IEnclave>();
        await enclave.StartAsync(
            "if (!args.again) return 1; await waitFor('next'); return continueWith({ again: false })",
            new RunOptions { Durable = "loop", Globals = new Dictionary<string, object?> { ["args"] = new { again = true } } });
        JsonElement first = await Json(app, HttpMethod.Get, "/runs/run?name=loop");
        await enclave.AnswerAsync(Text(first.GetProperty("waits")[0], "token")!, true);

        await Within.Deadline(enclave.Runs.WaitAsync("loop"), "end of the run");

        JsonElement next = await Json(app, HttpMethod.Get, "/runs/run?name=loop");
        Assert.Equal(("ended", Text(first, "runId")), (Text(next, "state"), Text(next, "runId")));
        Assert.NotEqual(Text(first, "journal"), Text(next, "journal"));
    }

    [Fact]
    public async Task The_timeline_of_a_run_that_failed_shows_what_was_undone()
    {
        await using BrokerApp app = await Open();
        IEnclave enclave = app.Services.GetRequiredService<IEnclave>();
        await enclave.StartAsync("await callTool('book', { what: 'a room' }); throw new Error('full')", Named("trip", null));
        await Within.Deadline(enclave.Runs.WaitAsync("trip"), "end of the run");

        JsonElement[] timeline = [.. (await Json(app, HttpMethod.Get, "/runs/run?name=trip")).GetProperty("timeline").EnumerateArray()];

        Assert.Equal(["opened", "called", "answered", "failing", "compensating", "compensated", "ended"], timeline.Select((entry) => Text(entry, "type")));
        Assert.Contains("full", Text(timeline[3], "error"), StringComparison.Ordinal);
        Assert.Equal(
            [("c_1", "book"), ("c_1", "book")],
            timeline[4..6].Select((entry) => (Text(entry, "callId")!, Text(entry, "name")!)));
    }

    [Fact]
    public async Task A_waiting_run_is_cancelled_and_only_then_removed()
    {
        await using BrokerApp app = await Open();
        await app.Services.GetRequiredService<IEnclave>().StartAsync("await waitFor('x')", Named("waits", null));

        Assert.Equal("INVALID_REQUEST", Text(await Json(app, HttpMethod.Delete, "/runs/run?name=waits"), "code"));
        Assert.True((await Json(app, HttpMethod.Post, "/runs/run/cancel?name=waits")).GetProperty("cancelled").GetBoolean());
        Assert.True((await Json(app, HttpMethod.Delete, "/runs/run?name=waits")).GetProperty("deleted").GetBoolean());
    }

    [Theory]
    [InlineData("GET", "/runs")]
    [InlineData("GET", "/runs/run?name=x")]
    [InlineData("POST", "/runs/answer")]
    [InlineData("POST", "/runs/run/cancel?name=x")]
    [InlineData("DELETE", "/runs/run?name=x")]
    public async Task Clients_have_no_access(string method, string path)
    {
        await using BrokerApp app = await Open();

        using HttpResponseMessage refused = await app.Send(new HttpMethod(method), path, "{}", Client);
        using HttpResponseMessage unknown = await app.Send(new HttpMethod(method), path, "{}");
        using HttpResponseMessage page = await app.Send(new HttpMethod(method), path, "{}", Operator, origin: "https://evil.example");

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden),
            (refused.StatusCode, unknown.StatusCode, page.StatusCode));
    }

    [Theory]
    [InlineData("GET", "/runs?state=asleep", null, 400)]
    [InlineData("GET", "/runs?state=1", null, 400)]
    [InlineData("GET", "/runs?state=%2B1", null, 400)]
    [InlineData("GET", "/runs?state=", null, 400)]
    [InlineData("GET", "/runs?limit=0", null, 400)]
    [InlineData("GET", "/runs?limit=1001", null, 400)]
    [InlineData("GET", "/runs?before=999999999999999999", null, 400)]
    [InlineData("GET", "/runs/run", null, 404)]
    [InlineData("POST", "/runs/answer", "{}", 400)]
    [InlineData("POST", "/runs/answer", "no json", 400)]
    [InlineData("POST", "/runs/answer", """{ "token": "" }""", 400)]
    [InlineData("POST", "/runs/answer", """{ "token": "unknown", "result": 1 }""", 404)]
    [InlineData("POST", "/runs/run/cancel?name=unknown", null, 404)]
    [InlineData("DELETE", "/runs/run?name=unknown", null, 409)]
    public async Task Wrong_requests_get_an_error_with_its_reason(string method, string path, string? body, int status)
    {
        await using BrokerApp app = await Open();

        using HttpResponseMessage refused = await app.Send(new HttpMethod(method), path, body, Operator);

        Assert.Equal(status, (int)refused.StatusCode);
        Assert.Contains("\"message\":", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static string? Text(JsonElement json, string member) => json.GetProperty(member).GetString();

    private static RunOptions Named(string name, string? tenant) => new() { Durable = name, Tenant = tenant };

    private static async Task<JsonElement> Json(BrokerApp app, HttpMethod method, string path, string? body = null)
    {
        using HttpResponseMessage response = await app.Send(method, path, body, Operator);
        return JsonElement.Parse(await response.Content.ReadAsStringAsync());
    }

    private static Task<BrokerApp> Open() => BrokerApp.Start(
        static (services) =>
        {
            services.AddEnclave(static (options) =>
            {
                options.Durable = new DurableOptions { Grace = TimeSpan.Zero };
                options.WorkerPool = new WorkerPoolOptions { MinWorkers = 1, MaxWorkers = 2 };
                options.Tools.Add("pay", static (int amount) => $"paid {amount}", new ToolOptions { RequiresApproval = true });
                options.Tools.Add("book", static (string what) => $"booked {what}", new ToolOptions { Compensate = static (_, _, _) => Task.CompletedTask });
                options.OnToolApproval = static (_) => new(ToolApproval.Later);
            });
            services.AddEnclaveBroker();
            services.AddEnclaveBrokerTokens(static (tokens) => tokens.Add(Client, "client").AddOperator(Operator, "ops"));
        },
        static (app) =>
        {
            app.MapEnclaveBroker().RequireAuthorization();
            app.MapEnclaveRuns().RequireAuthorization(static (who) => who.RequireRole(BrokerTokens.OperatorRole));
        });
}
