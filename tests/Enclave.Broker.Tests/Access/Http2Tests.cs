using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Enclave.Client;
using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Enclave.Broker.Tests.Access;

/// <summary>A broker behind TLS, over HTTP/2: one connection, many streams, each of which may be reset.</summary>
public sealed class Http2Tests
{
    private static readonly X509Certificate2 s_certificate = Certificate();

    [Fact]
    public async Task A_session_streams_over_it_and_is_read_again()
    {
        await using BrokerApp app = await Open();
        using HttpClient http = Http2(app);

        using HttpResponseMessage response = await http.PostAsync(
            "/sessions", BrokerApp.Json("""{ "sessionId": "s_two", "code": "console.log('hi'); return (await callTool('math:add', { a: 1, b: 2 })).sum" }"""));
        JsonElement[] events = await BrokerApp.Events(response);
        using HttpResponseMessage again = await http.GetAsync("/sessions/s_two/stream?fromSeq=2");

        Assert.Equal((HttpVersion.Version20, HttpVersion.Version20), (response.Version, again.Version));
        Assert.False(response.Headers.Contains("Connection"));
        Assert.Equal("3", events.Final().Value());
        Assert.Equal(events.Skip(1).Select((happened) => happened.GetRawText()), (await BrokerApp.Events(again)).Select((happened) => happened.GetRawText()));
    }

    [Fact]
    public async Task The_client_speaks_it_where_the_broker_does()
    {
        await using BrokerApp app = await Open(protocols: HttpProtocols.Http2);
        using HttpClient http = Http2(app);
        await using var client = new EnclaveClient(new EnclaveClientOptions { BaseUrl = app.Address }, http);

        SessionResult result = await client.ExecuteAsync("return (await callTool('math:add', { a: 1, b: 2 })).sum");

        Assert.Equal(3, result.Value!.Value.GetInt32());
    }

    [Fact]
    public async Task A_reset_stream_ends_its_reader_and_nothing_beside_it()
    {
        await using BrokerApp app = await Open((options) => options.ReaderGrace = TimeSpan.FromMilliseconds(100));
        using HttpClient http = Http2(app);
        const string Sleep = """{ "sessionId": "NAME", "code": "return await callTool('time:sleep', { ms: 60000 })" }""";
        using HttpResponseMessage left = await Post(http, Sleep.Replace("NAME", "s_left", StringComparison.Ordinal)), stays = await Post(
            http, Sleep.Replace("NAME", "s_stays", StringComparison.Ordinal));

        // Sends RST_STREAM: the connection is shared.
        left.Dispose();

        await Within.Becomes(() => State("s_left") == "cancelled", "the session that nobody reads is cancelled");
        Assert.Equal("running", State("s_stays"));
        using HttpResponseMessage more = await Post(http, """{ "code": "return 7" }""");
        Assert.Equal("7", (await BrokerApp.Events(more)).Final().Value());

        string State(string id) =>
            JsonDocument.Parse(http.GetStringAsync($"/sessions/{id}").GetAwaiter().GetResult()).RootElement.GetProperty("state").GetString()!;
    }

    [Fact]
    public async Task Streams_that_are_reset_at_once_hold_no_session_and_no_place()
    {
        await using BrokerApp app = await Open((options) => options.ReaderGrace = TimeSpan.FromMilliseconds(100));
        using HttpClient http = Http2(app);

        for (int round = 0; round < TestSize.Of(5, 100); round++)
        {
            using var reset = new CancellationTokenSource();
            Task[] sent = [.. Enumerable.Range(0, 60).Select(
                (_) => http.PostAsync("/sessions", BrokerApp.Json("""{ "code": "return await callTool('time:sleep', { ms: 60000 })" }"""), reset.Token))];
            await reset.CancelAsync();
            // Some may have been refused before: the sessions of the last round are still ending.
            await Task.WhenAny(Task.WhenAll(sent));
        }

        using HttpClient other = Http2(app);
        await Within.Becomes(() => JsonDocument.Parse(other.GetStringAsync("/health").GetAwaiter().GetResult()).RootElement.GetProperty("sessions")
            .GetProperty("active").GetInt32() == 0, "no session runs");
        using HttpResponseMessage more = await Post(other, """{ "code": "return 7" }""");
        Assert.Equal("7", (await BrokerApp.Events(more)).Final().Value());
    }

    [Fact]
    public async Task A_slow_reader_holds_up_its_own_stream_alone()
    {
        await using BrokerApp app = await Open(
            (options) => options.ReaderTimeout = TimeSpan.FromMilliseconds(500), enclave: (options) => options.SecurityLevel = SecurityLevel.Permissive);
        using HttpClient http = Http2(app);

        // More than the window of its stream: it stops, and is disconnected after its time.
        using HttpResponseMessage slow = await Post(
            http, """{ "sessionId": "s_slow", "code": "let x = 'x'; for (let i = 0; i < 22; i++) x += x; return x" }""");
        using HttpResponseMessage quick = await Post(http, """{ "code": "return 7" }""");

        Assert.Equal("7", (await BrokerApp.Events(quick)).Final().Value());
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            Stream body = await slow.Content.ReadAsStreamAsync();
            await Task.Delay(1500);
            await body.CopyToAsync(Stream.Null);
        });
        using HttpResponseMessage again = await Post(http, """{ "code": "return 8" }""");
        Assert.Equal("8", (await BrokerApp.Events(again)).Final().Value());
    }

    [Theory]
    [InlineData("X-Long", 70_000, HttpStatusCode.RequestHeaderFieldsTooLarge)]
    [InlineData("Idempotency-Key", 300, HttpStatusCode.BadRequest)]
    public async Task Headers_have_bounds(string name, int length, HttpStatusCode expected)
    {
        await using BrokerApp app = await Open();
        using HttpClient http = Http2(app);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sessions")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = BrokerApp.Json("""{ "code": "return 1" }""")
        };
        request.Headers.Add(name, new string('k', length));

        HttpStatusCode? answered = null;
        try
        {
            using HttpResponseMessage response = await http.SendAsync(request);
            answered = response.StatusCode;
        }
        catch (HttpRequestException)
        {
            // The server may end the connection on headers as large as these.
        }

        Assert.True(answered == expected || (answered is null && length > 32_768), $"{answered}");
        using HttpResponseMessage more = await Post(http, """{ "code": "return 7" }""");
        Assert.Equal("7", (await BrokerApp.Events(more)).Final().Value());
    }

    private static async Task<HttpResponseMessage> Post(HttpClient http, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/sessions")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = BrokerApp.Json(body),
        };
        return await Within.Deadline(http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead), "answer");
    }

    private static HttpClient Http2(BrokerApp app) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = static (_, shown, _, _) => shown?.GetCertHashString() == s_certificate.GetCertHashString(),
        }
    })
    {
        BaseAddress = app.Address,
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Timeout = TimeSpan.FromSeconds(30),
    };

    private static Task<BrokerApp> Open(Action<BrokerOptions>? broker = null,
        Action<EnclaveOptions>? enclave = null, HttpProtocols protocols = HttpProtocols.Http1AndHttp2) => BrokerApp.Start(
        (services) =>
        {
            services.AddEnclave((options) =>
            {
                TestTools.Add(options);
                enclave?.Invoke(options);
            });
            services.AddEnclaveBroker(broker);
            services.Configure<KestrelServerOptions>((kestrel) => kestrel.ConfigureEndpointDefaults((endpoint) => endpoint.Protocols = protocols));
            services.Configure<KestrelServerOptions>((kestrel) => kestrel.ConfigureHttpsDefaults((https) => https.ServerCertificate = s_certificate));
        },
        static (app) => app.MapEnclaveBroker().AllowAnonymous(),
        "https://127.0.0.1:0");

    private static X509Certificate2 Certificate()
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        using X509Certificate2 made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
