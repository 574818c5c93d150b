using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Enclave.Broker.PostgreSql.Tests.Servers;
using Enclave.Broker.Tests;
using Enclave.Tests;

namespace Enclave.Broker.PostgreSql.Tests.Processes;

/// <summary><c>enclave serve</c>, twice, on one database.</summary>
public sealed class ServeTests : IAsyncLifetime
{
    private const string Alice = "alices-token-0123456789", Bob = "bobs-token-0123456789abc", Operator = "the-operators-token-0123";

    /// <summary>A tool that waits for as long as the broker lives.</summary>
    private const string Wait = "wait=tail --pid=$PPID -f /dev/null";

    private readonly PostgresServer _server;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("enclave-serve-");
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };
    private StoreDatabase? _database;

    public ServeTests(PostgresServer server) => _server = server;

    public async ValueTask InitializeAsync()
    {
        _database = await _server.DatabaseAsync();
        await File.WriteAllTextAsync(In("store"), _database.Broker + "\n");
        await File.WriteAllTextAsync(In("owner"), _database.Owner + "\n");
        await File.WriteAllTextAsync(In("tokens"), $"alice {Alice}\nbob {Bob}\n");
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_database is not null) await _database.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Either_serves_resumes_and_cancels_what_the_other_runs()
    {
        await using CliServer one = await Serve(), other = await Serve("--store-owner-file", In("owner"));
        using HttpResponseMessage opened = await Send(
            one, HttpMethod.Post, "/sessions", """{ "sessionId": "s_1", "code": "console.log('hi'); await callTool('wait', {})" }""");
        await Line(opened, "tool_call");

        using HttpResponseMessage reading = await Send(other, HttpMethod.Get, "/sessions/s_1/stream?fromSeq=2");
        using HttpResponseMessage info = await Send(other, HttpMethod.Get, "/sessions/s_1");
        using HttpResponseMessage bobs = await Send(other, HttpMethod.Get, "/sessions/s_1", token: Bob);
        using HttpResponseMessage taken = await Send(other, HttpMethod.Post, "/sessions", """{ "sessionId": "s_1", "code": "return 1" }""");
        using HttpResponseMessage cancelled = await Send(other, HttpMethod.Post, "/sessions/s_1/cancel", """{ "reason": "enough" }""");
        JsonElement[] events = await Events(reading);

        Assert.Equal(HttpStatusCode.NotFound, bobs.StatusCode);
        Assert.Equal("running", (await Json(info)).GetProperty("state").GetString());
        Assert.Equal("SESSION_EXISTS", (await Json(taken)).GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.OK, cancelled.StatusCode);
        Assert.Equal([.. Enumerable.Range(2, events.Length)], events.Select((happened) => happened.GetProperty("seq").GetInt32()));
        Assert.Equal("stdout", events[0].Type());
        Assert.Equal("enough", events.Final().GetProperty("error").GetProperty("message").GetString());
        using HttpResponseMessage gone = await Send(one, HttpMethod.Delete, "/sessions/s_1");
        using HttpResponseMessage later = await Send(other, HttpMethod.Get, "/sessions/s_1");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (gone.StatusCode, later.StatusCode));
    }

    [Fact]
    public async Task Either_tells_an_operator_of_both_and_one_that_is_killed_falls_silent()
    {
        await File.WriteAllTextAsync(In("operators"), $"ops {Operator}\n");
        await using CliServer killed = await Serve("--operator-token-file", In("operators")), other = await Serve("--operator-token-file", In("operators"));
        using HttpResponseMessage opened = await Send(killed, HttpMethod.Post, "/sessions", """{ "code": "await callTool('wait', {})" }""");
        await Line(opened, "tool_call");
        using HttpResponseMessage nobody = await Send(other, HttpMethod.Get, "/fleet");
        Assert.Equal(HttpStatusCode.Forbidden, nobody.StatusCode);

        JsonElement fleet = default;
        await Within.Becomes(
            () => Fleet(other, out fleet)
                .GetProperty("brokers").EnumerateArray().Select((broker) => broker.GetProperty("running").GetInt32()).Order().SequenceEqual([0, 1])
                && fleet.GetProperty("runtimes").EnumerateArray().Count((runtime) => runtime.GetProperty("pool").GetProperty("workers").GetInt32() > 0) == 2,
            "both are reported, with their workers",
            () => fleet.GetRawText());
        Assert.Equal("""[{"name":"alice","running":1,"waiting":0,"refused":0}]""", fleet.GetProperty("tenants").GetRawText());
        killed.Kill();

        await Within.Becomes(() => Fleet(other, out fleet).GetProperty("brokers").EnumerateArray().Select((broker) => broker.GetProperty("state").GetString())
            .Order().SequenceEqual(["ok", "silent"]), "the killed one is silent", () => fleet.GetRawText());
        Assert.Equal("[]", fleet.GetProperty("tenants").GetRawText());
    }

    [Fact]
    public async Task A_request_that_comes_again_elsewhere_runs_nothing_twice()
    {
        await using CliServer one = await Serve(), other = await Serve();
        const string request = """{ "code": "return Math.random()" }""";

        using HttpResponseMessage first = await Send(one, HttpMethod.Post, "/sessions", request, key: "order-7");
        using HttpResponseMessage again = await Send(other, HttpMethod.Post, "/sessions", request, key: "order-7");
        using HttpResponseMessage reused = await Send(other, HttpMethod.Post, "/sessions", """{ "code": "return 2" }""", key: "order-7");
        using HttpResponseMessage wrong = await Send(other, HttpMethod.Post, "/sessions", request, key: new string('k', 201));

        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal((HttpStatusCode.Conflict, "IDEMPOTENCY_KEY_REUSED"), (reused.StatusCode, (await Json(reused)).GetProperty("code").GetString()));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    [Fact]
    public async Task Sessions_of_a_killed_broker_are_ended_once_by_the_other()
    {
        await using CliServer killed = await Serve();
        await using CliServer other = await Serve();
        using HttpResponseMessage called = await Send(
            killed, HttpMethod.Post, "/sessions", """{ "sessionId": "s_called", "code": "console.log('hi'); await callTool('wait', {})" }""");
        using HttpResponseMessage quiet = await Send(killed, HttpMethod.Post, "/sessions",
            """{ "sessionId": "s_quiet", "code": "for (const i of [1, 2, 3]) console.log(i); while (true) {}", "limits": { "sessionTtlMs": 60000 } }""");
        await Line(called, "tool_call");
        using HttpResponseMessage reading = await Send(other, HttpMethod.Get, "/sessions/s_called/stream");

        killed.Kill();
        JsonElement[] events = await Events(reading);

        Assert.Equal("BROKER_LOST", events.Final().ErrorCode());
        Assert.Contains("after 1 tool call;", events.Final().GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal([.. Enumerable.Range(1, events.Length)], events.Select((happened) => happened.GetProperty("seq").GetInt32()));
        await Within.Becomes(
            () => _database!.ScalarAsync<long>("SELECT count(*) FROM enclave.session WHERE ended_at IS NULL").Result == 0, "all sessions had their end");
        Assert.Equal(0, await _database!.ScalarAsync<long>("SELECT count(*) FROM (SELECT session FROM enclave.event GROUP BY session HAVING count(*) <> " +
            "max(seq) OR min(seq) <> 1 OR count(*) FILTER (WHERE type = 'final') <> 1) gaps"));
        using HttpResponseMessage next = await Send(other, HttpMethod.Post, "/sessions", """{ "sessionId": "s_called", "code": "return 'here'" }""");
        Assert.Equal("here", (await Events(next)).Final().GetProperty("result").GetString());
    }

    [Fact]
    public async Task A_broker_that_was_stopped_for_too_long_writes_nothing_when_it_goes_on()
    {
        await using CliServer paused = await Serve("--tool", "nap=sleep 20; echo 1");
        await using CliServer other = await Serve();
        using HttpResponseMessage opened = await Send(paused, HttpMethod.Post, "/sessions", """{ "sessionId": "s_1", "code": "await callTool('wait', {})" }""");
        await Line(opened, "tool_call");

        await Signal(paused.Pid, "STOP");
        JsonElement[] events;
        try
        {
            using HttpResponseMessage reading = await Send(other, HttpMethod.Get, "/sessions/s_1/stream");
            events = await Events(reading);
        }
        finally
        {
            await Signal(paused.Pid, "CONT");
        }

        Assert.Equal("BROKER_LOST", events.Final().ErrorCode());
        // It notices, starts again, and has none of its former sessions.
        await Within.Becomes(
            // Hosts of durable sessions have numbers of their own.
            () => _database!.ScalarAsync<long>("SELECT count(*) FROM enclave.broker WHERE id < 1000").Result == 3, "the broker came back under another number");
        await Within.Becomes(() => Json(Send(paused, HttpMethod.Get, "/health").Result).Result is var health && health.GetProperty("status").GetString() == "ok"
            && health.GetProperty("sessions").GetProperty("active").GetInt32() == 0, "the broker ran nothing and was ready");
        using HttpResponseMessage again = await Send(paused, HttpMethod.Get, "/sessions/s_1/stream");
        Assert.Equal(events.Select((happened) => happened.GetRawText()), (await Events(again)).Select((happened) => happened.GetRawText()));
        Assert.Equal(events.Length, await _database!.ScalarAsync<long>("SELECT count(*) FROM enclave.event"));
    }

    [Fact]
    public async Task Without_its_store_it_says_so()
    {
        await File.WriteAllTextAsync(In("store"), "Host=/nowhere;Username=nobody;Database=none;Password=a-secret");
        await using CliServer broker = await Serve();

        using HttpResponseMessage health = await Send(broker, HttpMethod.Get, "/health");
        using HttpResponseMessage refused = await Send(broker, HttpMethod.Post, "/sessions", """{ "code": "return 1" }""");
        using HttpResponseMessage read = await Send(broker, HttpMethod.Get, "/sessions/s_1");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unavailable"), (health.StatusCode, (await Json(health)).GetProperty("status").GetString()));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "STORE_UNAVAILABLE"), (refused.StatusCode, (await Json(refused)).GetProperty("code").GetString()));
        Assert.Equal("STORE_UNAVAILABLE", (await Json(read)).GetProperty("code").GetString());
        Assert.DoesNotContain("secret", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private JsonElement Fleet(CliServer broker, out JsonElement fleet)
    {
        using HttpResponseMessage answer = Send(broker, HttpMethod.Get, "/fleet", token: Operator).GetAwaiter().GetResult();
        return fleet = Json(answer).GetAwaiter().GetResult();
    }

    private string In(string file) => Path.Combine(_folder.FullName, file);

    private Task<CliServer> Serve(params string[] options) =>
        CliServer.Broker(options: ["--store-file", In("store"), "--token-file", In("tokens"), "--workers", "2", "--tool", Wait, .. options]);

    private async Task<HttpResponseMessage> Send(
        CliServer broker, HttpMethod method, string path, string? body = null, string token = Alice, string? key = null)
    {
        var request = new HttpRequestMessage(method, new Uri(broker.Address, path))
        {
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return await Within.Deadline(_http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead), $"answer to {method} {path}");
    }

    private static async Task<JsonElement> Json(HttpResponseMessage response) => JsonElement.Parse(await response.Content.ReadAsStringAsync());

    private static async Task<JsonElement[]> Events(HttpResponseMessage response)
    {
        string text = await Within.Deadline(response.Content.ReadAsStringAsync(), "end of the stream");
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((line) => JsonElement.Parse(line))];
    }

    private static async Task Line(HttpResponseMessage response, string type)
    {
        var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (await Within.Deadline(reader.ReadLineAsync(), $"event {type}") is { } line)
        {
            if (JsonElement.Parse(line).Type() == type) return;
        }

        Assert.Fail($"the stream ended before {type}");
    }

    private static async Task Signal(int pid, string signal)
    {
        using Process kill = Process.Start("kill", ["-s", signal, pid.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }
}
