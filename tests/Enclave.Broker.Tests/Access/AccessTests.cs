using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Enclave.Broker.Tests.Access;

/// <summary>Access of clients, and their limits.</summary>
public sealed class AccessTests
{
    private const string Alice = "alices-token-0123456789", Bob = "bobs-token-0123456789abc";

    [Theory]
    [InlineData(null)]
    [InlineData("not-a-token-0123456789")]
    [InlineData("")]
    public async Task B1_Without_a_token_there_is_nothing(string? token)
    {
        await using BrokerApp app = await WithTokens();

        foreach ((HttpMethod method, string path) in Routes("s_x"))
        {
            using HttpResponseMessage response = await app.Send(method, path, method == HttpMethod.Post ? """{ "code": "return 1" }""" : null, token);

            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("UNAUTHORIZED", await Code(response));
        }

        using HttpResponseMessage list = await app.Send(HttpMethod.Get, "/sessions", token: Alice);
        Assert.Equal("""{"sessions":[],"total":0}""", await list.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task B1_A_broker_that_nobody_guards_does_not_start()
    {
        InvalidOperationException refused = await Assert.ThrowsAnyAsync<InvalidOperationException>(() => BrokerApp.Start(
            static (services) => services.AddEnclaveBroker(), static (app) => app.MapEnclaveBroker()));

        Assert.Contains("RequireAuthorization()", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task B2_A_session_is_there_for_its_owner_alone()
    {
        await using BrokerApp app = await WithTokens();
        using HttpResponseMessage running = await app.Send(
            HttpMethod.Post, "/sessions", """{ "sessionId": "s_hers", "code": "return await callTool('time:sleep', { ms: 60000 })" }""", Alice);

        foreach ((HttpMethod method, string path) in Routes("s_hers")[2..])
        {
            using HttpResponseMessage response = await app.Send(method, path, method == HttpMethod.Post ? """{ "callId": "c_1" }""" : null, Bob);

            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }

        using HttpResponseMessage his = await app.Send(
            HttpMethod.Post, "/sessions", """{ "sessionId": "s_hers", "code": "return await callTool('who:am', {})" }""", Bob);
        Assert.Equal("bob", (await BrokerApp.Events(his)).Final().GetProperty("result").GetString());
        using HttpResponseMessage hers = await app.Send(HttpMethod.Get, "/sessions/s_hers", token: Alice);
        Assert.Contains("\"running\"", await hers.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData("http://127.0.0.1:1")]
    public async Task B3_A_page_of_another_origin_is_refused(string origin)
    {
        await using BrokerApp app = await BrokerApp.Open();

        using HttpResponseMessage response = await app.Send(HttpMethod.Post, "/sessions", """{ "code": "return 1" }""", origin: origin);
        using HttpResponseMessage preflight = await app.Send(HttpMethod.Options, "/sessions", origin: origin);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, preflight.StatusCode);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Equal(0, (await app.Get("/sessions")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task B3_A_page_of_an_allowed_origin_reads_what_it_needs()
    {
        await using BrokerApp app = await BrokerApp.Open((broker) => broker.AllowedOrigins = ["https://app.example"]);

        using HttpResponseMessage preflight = await app.Send(HttpMethod.Options, "/sessions", origin: "https://app.example");
        using HttpResponseMessage response = await app.Send(HttpMethod.Post, "/sessions", """{ "code": "return 1" }""", origin: "https://app.example");

        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Equal("https://app.example", preflight.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("Authorization", preflight.Headers.GetValues("Access-Control-Allow-Headers").Single(), StringComparison.Ordinal);
        Assert.Equal("X-Session-ID", response.Headers.GetValues("Access-Control-Expose-Headers").Single());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task B3_The_brokers_own_page_may_ask()
    {
        await using BrokerApp app = await BrokerApp.Open();

        using HttpResponseMessage response = await app.Send(
            HttpMethod.Post, "/sessions", """{ "code": "return 1" }""", origin: app.Address.ToString().TrimEnd('/'));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task B4_A_tool_result_counts_once()
    {
        await using BrokerApp app = await BrokerApp.Open((broker) => broker.ClientTools = ["ask:user"]);
        using HttpResponseMessage response = await app.Post(
            """{ "sessionId": "s_asks", "tools": ["ask:user"], "code": "return await callTool('ask:user', { question: 'how many?' })" }""");
        await Within.Becomes(() =>
            app.Get("/sessions/s_asks").GetAwaiter().GetResult().GetProperty("state").GetString() == "waiting_for_tool", "the script waits for its client");

        using HttpResponseMessage wrong = await app.Send(HttpMethod.Post, "/sessions/s_asks/tool-result", """{ "callId": "c_99", "result": 1 }""");
        using HttpResponseMessage first = await app.Send(HttpMethod.Post, "/sessions/s_asks/tool-result", """{ "callId": "c_1", "result": { "many": 7 } }""");
        using HttpResponseMessage again = await app.Send(HttpMethod.Post, "/sessions/s_asks/tool-result", """{ "callId": "c_1", "result": 8 }""");
        JsonElement[] events = await BrokerApp.Events(response);

        Assert.Equal([HttpStatusCode.Conflict, HttpStatusCode.OK, HttpStatusCode.Conflict], [wrong.StatusCode, first.StatusCode, again.StatusCode]);
        Assert.Equal("""{"many":7}""", events.Final().GetProperty("result").GetRawText());
    }

    [Fact]
    public async Task B5_A_reader_that_takes_nothing_is_disconnected_and_nobody_else_notices()
    {
        const int SlowReader = 202;
        using var log = new LogWatch(SlowReader);
        await using BrokerApp app = await BrokerApp.Start(
            (services) =>
            {
                services.AddSingleton<ILoggerProvider>(log);
                services.AddEnclave(static (options) =>
                {
                    TestTools.Add(options);
                    options.WorkerPool = WorkerPoolPresets.Standard with { MaxMessageBytes = 32 << 20 };
                });
                services.AddEnclaveBroker(static (broker) => (broker.ReaderTimeout, broker.MaxLogBytes) = (TimeSpan.FromMilliseconds(300), 64 << 20));
            },
            static (app) => app.MapEnclaveBroker().AllowAnonymous());
        const string Body = """{ "sessionId": "s_slow", "code": "const part = await callTool('give:big', { bytes: 4000000 }); return [part, part, part]" }""";
        using var slow = new TcpClient { ReceiveBufferSize = 4096 };
        await slow.ConnectAsync(app.Address.Host, app.Address.Port);
        await slow.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /sessions HTTP/1.1\r\nHost: {app.Address.Authority}\r\nConnection: " +
            $"close\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}"));

        Assert.Equal(2, (await app.Run("return 2")).Final().GetProperty("result").GetInt32());
        await Within.Deadline(log.Seen, "line that says that the reader was disconnected");
        long taken = await Within.Deadline(Drain(slow), "end of the slow reader");

        using HttpResponseMessage again = await app.Send(HttpMethod.Get, "/sessions/s_slow/stream?fromSeq=2");
        JsonElement final = (await BrokerApp.Events(again)).Final();
        Assert.True(final.GetProperty("ok").GetBoolean(), final.TryGetProperty("error", out JsonElement error) ? error.GetRawText() : "");
        Assert.True(taken < 12_000_000, $"{taken} bytes came through");
    }

    [Fact]
    public async Task B6_A_body_that_is_too_long_is_refused()
    {
        await using BrokerApp app = await BrokerApp.Open((broker) => broker.MaxBodyBytes = 2000);

        using HttpResponseMessage told = await app.Post($$"""{ "code": "return '{{new string('x', 5000)}}'" }""");
        using HttpResponseMessage untold = await app.Http.PostAsync("/sessions", new StreamContent(new Endless()));

        Assert.Equal([HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.RequestEntityTooLarge], [told.StatusCode, untold.StatusCode]);
        Assert.Equal("PAYLOAD_TOO_LARGE", await Code(told));
    }

    [Theory]
    [InlineData("POST", "/nope/at/all", HttpStatusCode.NotFound)]
    [InlineData("GET", "/sessions/s_x/what", HttpStatusCode.NotFound)]
    [InlineData("PUT", "/sessions", HttpStatusCode.MethodNotAllowed)]
    [InlineData("PATCH", "/sessions/s_x", HttpStatusCode.MethodNotAllowed)]
    public async Task Unknown_paths_and_methods_have_their_status(string method, string path, HttpStatusCode expected)
    {
        await using BrokerApp app = await BrokerApp.Open();

        using HttpResponseMessage response = await app.Send(new HttpMethod(method), path);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Too_many_requests_are_told_when_to_come_again()
    {
        await using BrokerApp app = await BrokerApp.Open((broker) => broker.RequestsPerMinute = 3);
        for (int i = 0; i < 3; i++) (await app.Send(HttpMethod.Get, "/sessions")).Dispose();

        using HttpResponseMessage response = await app.Send(HttpMethod.Get, "/sessions");

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal("RATE_LIMITED", await Code(response));
    }

    [Fact]
    public async Task Running_sessions_are_bounded_and_ended_ones_do_not_count()
    {
        await using BrokerApp app = await BrokerApp.Open((broker) => broker.MaxSessions = 2);
        for (int i = 0; i < 5; i++) await app.Run("return 1");
        using HttpResponseMessage one = await app.Post("""{ "code": "return await callTool('time:sleep', { ms: 60000 })" }"""), two = await app.Post(
            """{ "code": "return await callTool('time:sleep', { ms: 60000 })" }""");

        using HttpResponseMessage three = await app.Post("""{ "code": "return 1" }""");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, three.StatusCode);
        Assert.Equal("SESSION_CREATE_ERROR", await Code(three));
    }

    [Fact]
    public async Task A_place_is_free_with_the_last_event()
    {
        await using BrokerApp app = await BrokerApp.Open((broker) => broker.MaxSessions = 1);

        for (int i = 0; i < 50; i++) Assert.Equal(i, (await app.Run($"return {i}")).Final().GetProperty("result").GetInt32());
    }

    [Fact]
    public async Task Stopping_cancels_what_runs_and_tells_its_reader()
    {
        await using BrokerApp app = await StopsWithin(TimeSpan.FromSeconds(2.5));
        using HttpResponseMessage response = await app.Post("""{ "code": "return await callTool('time:sleep', { ms: 60000 })" }""");

        Task stop = app.StopAsync();
        JsonElement[] events = await BrokerApp.Events(response);
        // On a busy machine the rest of the stop may take longer than its time.
        await stop.ContinueWith(static (_) => { }, TaskScheduler.Default);

        Assert.Equal("SESSION_CANCELLED", events.Final().ErrorCode());
        Assert.Equal("the broker is stopping", events.Final().GetProperty("error").GetProperty("message").GetString());
    }

    [Fact]
    public async Task A_stop_without_a_limit_lets_what_runs_end()
    {
        await using BrokerApp app = await StopsWithin(Timeout.InfiniteTimeSpan);
        using HttpResponseMessage response = await app.Post("""{ "code": "await callTool('time:sleep', { ms: 300 }); return 1" }""");

        Task stop = app.StopAsync();

        Assert.Equal(1, (await BrokerApp.Events(response)).Final().GetProperty("result").GetInt32());
        await stop;
    }

    [Fact]
    public async Task An_option_out_of_its_range_stops_the_start() =>
        Assert.Contains("MaxSessions is 0",
            (await Assert.ThrowsAsync<OptionsValidationException>(() => BrokerApp.Open((broker) => broker.MaxSessions = 0))).Message, StringComparison.Ordinal);

    private static Task<BrokerApp> StopsWithin(TimeSpan time) => BrokerApp.Start(
        (services) =>
        {
            services.Configure<Microsoft.Extensions.Hosting.HostOptions>((host) => host.ShutdownTimeout = time);
            services.AddEnclave(TestTools.Add);
            services.AddEnclaveBroker();
        },
        static (app) => app.MapEnclaveBroker().AllowAnonymous());

    private static Task<BrokerApp> WithTokens() => BrokerApp.Start(
        static (services) =>
        {
            services.AddEnclave(TestTools.Add);
            services.AddEnclaveBroker();
            services.AddEnclaveBrokerTokens(static (tokens) => tokens.Add(Alice, "alice").Add(Bob, "bob"));
        },
        static (app) => app.MapEnclaveBroker().RequireAuthorization());

    private static (HttpMethod Method, string Path)[] Routes(string id) =>
    [
        (HttpMethod.Post, "/sessions"),
        (HttpMethod.Get, "/sessions"),
        (HttpMethod.Get, $"/sessions/{id}"),
        (HttpMethod.Get, $"/sessions/{id}/stream"),
        (HttpMethod.Post, $"/sessions/{id}/cancel"),
        (HttpMethod.Post, $"/sessions/{id}/tool-result"),
        (HttpMethod.Delete, $"/sessions/{id}"),
    ];

    private static async Task<string?> Code(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString();

    /// <summary>Reads nothing for a while, then everything. Returns the number of bytes.</summary>
    private static async Task<long> Drain(TcpClient client)
    {
        long taken = 0;
        byte[] buffer = new byte[1 << 16];
        try
        {
            while (await client.GetStream().ReadAsync(buffer) is > 0 and var n) taken += n;
        }
        catch (IOException)
        {
            // Reset by the broker.
        }

        return taken;
    }

    /// <summary>A body of unknown length.</summary>
    private sealed class Endless : MemoryStream
    {
        public Endless()
            : base(new byte[100_000])
        {
        }

        public override bool CanSeek => false;
    }
}
