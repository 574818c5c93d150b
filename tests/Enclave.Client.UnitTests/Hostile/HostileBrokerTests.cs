using System.IO.Compression;
using System.Text;
using Enclave.Tests;

namespace Enclave.Client.UnitTests;

/// <summary>A server that is not a broker, or a compromised broker.</summary>
public sealed class HostileBrokerTests
{
    [Fact]
    public async Task A_line_without_end_ends_the_session()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", async (exchange) =>
        {
            byte[] piece = Encoding.UTF8.GetBytes(new string('x', 64 * 1024));
            while (!exchange.Left.IsCompleted) await exchange.SendRawAsync(piece);
        }).On("POST /sessions/*/cancel", (exchange) => exchange.AnswerAsync(200, "{}"));
        await using EnclaveClient client = new(new EnclaveClientOptions { BaseUrl = broker.BaseUrl, MaxLineBytes = 256 * 1024 });

        SessionResult result = await Within.Deadline(client.ExecuteAsync("x"), "result");

        Assert.Equal(new ClientError(ClientErrorCodes.ParseError, "A line of the stream is longer than 262144 bytes"), result.Error);
        await broker.Exchanges[0].LeftAsync();
        await broker.NextAsync("POST /sessions/*/cancel", "cancel of what nobody reads");
    }

    [Fact]
    public async Task A_refusal_without_end_is_read_to_its_beginning()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", async (exchange) =>
        {
            exchange.Status(400);
            byte[] piece = Encoding.UTF8.GetBytes(new string('x', 64 * 1024));
            while (!exchange.Left.IsCompleted) await exchange.SendRawAsync(piece);
        });
        await using EnclaveClient client = broker.Client();

        ClientError error = (await Within.Deadline(client.ExecuteAsync("x"), "result")).Error!;

        Assert.Equal((ClientErrorCodes.SessionError, 400), (error.Code, error.StatusCode));
        Assert.InRange(error.Message.Length, 2000, 2100);
    }

    [Fact]
    public async Task An_answer_without_end_is_not_read()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("GET /sessions", async (exchange) =>
        {
            byte[] piece = Encoding.UTF8.GetBytes(new string(' ', 64 * 1024));
            while (!exchange.Left.IsCompleted) await exchange.SendRawAsync(piece);
        });
        await using EnclaveClient client = broker.Client();

        EnclaveClientException error = await Assert.ThrowsAsync<EnclaveClientException>(
            () => Within.Deadline(client.ListSessionsAsync(), "refusal of the answer"));

        Assert.Equal(ClientErrorCodes.ParseError, error.Code);
    }

    [Fact]
    public async Task Headers_without_end_are_not_read()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", (exchange) => exchange.Header("X-Long", new string('a', 100_000)).SendAsync(Wire.Final(exchange.SessionId, 1)));
        await using EnclaveClient client = broker.Client();

        SessionResult result = await Within.Deadline(client.ExecuteAsync("x"), "result");

        Assert.Equal(ClientErrorCodes.NetworkError, result.Error!.Code);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_followed_by_nobody(int status)
    {
        await using ScriptedBroker thief = await ScriptedBroker.StartAsync();
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        string elsewhere = new Uri(thief.BaseUrl, "/sessions").AbsoluteUri;
        broker.On("POST /sessions", (exchange) => exchange.Header("Location", elsewhere).AnswerAsync(status, ""))
            .On("GET /sessions", (exchange) => exchange.Header("Location", elsewhere).AnswerAsync(status, ""));
        await using EnclaveClient client = new(new EnclaveClientOptions { BaseUrl = broker.BaseUrl, BearerToken = "secret" });

        Assert.Equal(status, (await client.ExecuteAsync("x")).Error!.StatusCode);
        Assert.Equal(status, (await Assert.ThrowsAsync<EnclaveClientException>(() => client.ListSessionsAsync())).StatusCode);

        Assert.Empty(thief.Asked);
    }

    [Fact]
    public async Task An_answer_from_another_place_does_not_count_even_when_the_callers_handler_follows()
    {
        await using ScriptedBroker thief = await ScriptedBroker.StartAsync();
        thief.On("POST /sessions", (exchange) => exchange.SendAsync(Wire.Final(exchange.SessionId, 1)));
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", (exchange) => exchange.Header("Location", new Uri(thief.BaseUrl, "/sessions").AbsoluteUri).AnswerAsync(307, ""));
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = true });
        await using EnclaveClient client = new(new EnclaveClientOptions { BaseUrl = broker.BaseUrl, BearerToken = "secret", AutoReconnect = false }, http);

        SessionResult result = await client.ExecuteAsync("x");

        Assert.Equal(ClientErrorCodes.NetworkError, result.Error!.Code);
        // .NET itself drops the token on redirects.
        Assert.DoesNotContain("Authorization", thief.Exchanges.SelectMany((exchange) => exchange.Headers.Keys));
    }

    [Fact]
    public async Task A_packed_stream_is_not_unpacked()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", async (exchange) =>
        {
            using var packed = new MemoryStream();
            await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
                gzip.Write(Encoding.UTF8.GetBytes($"{Wire.Final(exchange.SessionId, 1)}\n"));
            await exchange.Header("Content-Encoding", "gzip").SendRawAsync(packed.ToArray());
        });
        await using EnclaveClient client = broker.Client();

        Assert.Equal(new ClientError(ClientErrorCodes.ParseError, "The stream is encoded as gzip"), (await client.ExecuteAsync("x")).Error);
    }

    [Theory]
    [InlineData("../../admin")]
    [InlineData("..")]
    [InlineData("s_1?x=")]
    public async Task A_name_from_the_broker_leads_nowhere_else(string name)
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", async (exchange) =>
        {
            await exchange.Header("X-Session-ID", name).SendAsync(Wire.Event(name, 1, "stdout", """{"chunk":"a"}"""));
            exchange.Cut();
        });
        await using EnclaveClient client = broker.Client();

        await Within.Deadline(client.ExecuteAsync("x"), "result");

        Assert.All(broker.Asked.Skip(1), (line) => Assert.Matches("^GET /sessions/[^/?]+/stream[?]from=2&fromSeq=2$", line));
    }

    [Fact]
    public async Task A_cancel_goes_to_the_broker_wherever_the_stream_points()
    {
        await using ScriptedBroker thief = await ScriptedBroker.StartAsync();
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", async (exchange) =>
        {
            await exchange.SendAsync(Wire.Event(exchange.SessionId,
                1, "session_init", $$$"""{"cancelUrl":"{{{thief.BaseUrl}}}cancel","expiresAt":"2026-11-20T07:12:12.350Z","encryption":{"enabled":false}""" +
                $$$""","replayUrl":"{{{thief.BaseUrl}}}replay"}"""));
            await exchange.HoldAsync();
        }).On("POST /sessions/*/cancel", (exchange) => exchange.AnswerAsync(200, "{}"));
        await using EnclaveClient client = broker.Client();
        await using ClientSession session = await client.StartAsync("x");

        Assert.Equal(CancelOutcome.Cancelled, await session.CancelAsync());

        Assert.Empty(thief.Asked);
    }

    [Fact]
    public async Task A_number_beyond_all_bounds_settles()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", (exchange) => exchange.SendAsync(
            Wire.Stdout(exchange.SessionId, 9007199254740991, "a"), Wire.Stdout(exchange.SessionId, 2, "b"), Wire.Final(exchange.SessionId, 3)));
        await using EnclaveClient client = broker.Client();

        SessionResult result = await Within.Deadline(client.ExecuteAsync("x"), "result");

        Assert.Equal([9007199254740991, 3], result.Events.Select((taken) => taken.Seq));
    }

    [Fact]
    public async Task Gaps_without_end_are_not_kept_without_end()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", (exchange) => exchange.SendAsync(
            [.. Enumerable.Range(1, 300).Select((seq) => Wire.Stdout(exchange.SessionId, seq * 3, "a")), Wire.Final(exchange.SessionId, 901)]));
        await using EnclaveClient client = broker.Client();

        Assert.Equal(100, (await client.ExecuteAsync("x")).Missing.Count);
    }

    [Fact]
    public async Task One_event_a_connection_for_ever_ends_with_the_time()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        int seq = 1;
        broker.On("POST /sessions", (exchange) => exchange.SendAsync(Wire.Init(exchange.SessionId)))
            .On("GET /sessions/*/stream", (exchange) => exchange.SendAsync(Wire.Heartbeat(exchange.SessionId, Interlocked.Increment(ref seq))));
        var clock = new ManualClock();
        // No connection is silent for long: the whole time passes at once here.
        await using EnclaveClient client = new(new EnclaveClientOptions
        {
            BaseUrl = broker.BaseUrl,
            TimeProvider = clock,
            ReconnectDelay = TimeSpan.Zero,
            HeartbeatTimeout = Timeout.InfiniteTimeSpan,
        });
        Task<SessionResult> run = client.ExecuteAsync("x");
        await Within.Becomes(() => broker.Asked.Count > 20, "the client keeps coming");

        clock.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal(ClientErrorCodes.Timeout, (await Within.Deadline(run, "result")).Error!.Code);
    }
}
