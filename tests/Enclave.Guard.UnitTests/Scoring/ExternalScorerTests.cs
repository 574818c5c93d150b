using System.Net;
using System.Text;
using System.Text.Json;

namespace Enclave.Guard.Tests.Scoring;

/// <summary>The external scorer's protocol, with answers made in this process.</summary>
public sealed class ExternalScorerTests
{
    private static readonly Uri s_endpoint = new("https://scorer.test/v1");
    private readonly ManualClock _clock = new() { Fires = (due) => due != TimeSpan.FromSeconds(5) };

    [Fact]
    public async Task It_sends_features_and_key_and_reads_score_and_signals()
    {
        var service = new Answers("""{ "score": 72, "risk": "high", "extra": [1], "signals": [{ "id": "EXFIL_PATTERN", "score": 50""" +
            """, "description": "d", "level": "critical" }, { "id": "X_Y", "score": 1, "description": "" }] }""");
        ScoreResult result = await Score(service, new ExternalScorerOptions { Endpoint = s_endpoint, ApiKey = "key-1" });
        Assert.Equal((true, 72), (result.IsScored, result.Score));
        Assert.Equal(["list-send-pattern", "x-y"], result.Signals.Select((signal) => signal.Name));
        Assert.Equal("Bearer key-1", service.Authorization);
        Assert.Equal("application/json; charset=utf-8", service.ContentType);
        using JsonDocument body = JsonDocument.Parse(service.Body!);
        Assert.Equal("users:list", body.RootElement.GetProperty("features").GetProperty("toolCalls")[0].GetProperty("toolName").GetString());
    }

    [Theory]
    [InlineData("""{ "score": 0 }""", 0)]
    [InlineData("""{ "score": 100 }""", 100)]
    [InlineData("""{ "score": 69.2, "signals": [] }""", 70)]
    public async Task Good_answers(string json, int score) =>
        Assert.Equal((true, score), (await Score(new Answers(json))) is var result ? (result.IsScored, result.Score) : default);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{ "score": NaN }""")]
    [InlineData("""{ "score": 1e999 }""")]
    [InlineData("""{ "score": -0.1 }""")]
    [InlineData("""{ "score": 100.1 }""")]
    [InlineData("""{ "score": "50" }""")]
    [InlineData("""{ "score": null }""")]
    [InlineData("{}")]
    [InlineData("""{ "score": 1, "score": 2 }""")]
    [InlineData("""{ "score": 1, "error": "down" }""")]
    [InlineData("""{ "score": 1, "risk": "huge" }""")]
    [InlineData("""{ "score": 1, "risk": 1 }""")]
    [InlineData("""{ "score": 1, "signals": {} }""")]
    [InlineData("""{ "score": 1, "signals": [1] }""")]
    [InlineData("""{ "score": 1, "signals": [{ "id": "A", "score": 1 }] }""")]
    [InlineData("""{ "score": 1, "signals": [{ "id": "", "score": 1, "description": "" }] }""")]
    [InlineData("""{ "score": 1, "signals": [{ "id": "A", "score": 101, "description": "" }] }""")]
    [InlineData("""{ "score": 1, "signals": [{ "id": "A", "score": 1, "description": "", "level": "x" }] }""")]
    [InlineData("""{ "score": 1, "signals": [{ "id": "\ud800", "score": 1, "description": "" }] }""")]
    [InlineData("""{ "score": 1 } x""")]
    public async Task Answers_that_are_not_as_documented_are_failures_and_are_not_asked_for_again(string json)
    {
        var service = new Answers(json);
        ScoreResult result = await Score(service);
        Assert.False(result.IsScored);
        Assert.StartsWith("the scorer", result.Reason, StringComparison.Ordinal);
        Assert.Equal(1, service.Count);
    }

    [Fact]
    public async Task Signals_and_their_strings_are_bounded()
    {
        static string Signal(int id, int description) =>
            $$"""{ "id": "{{new string('a', id)}}", "score": 1, "description": "{{new string('b', description)}}" }""";
        static string Json(int signals, int id, int description) =>
            $$"""{ "score": 1, "signals": [{{string.Join(',', Enumerable.Repeat(Signal(id, description), signals))}}] }""";
        Assert.True((await Score(new Answers(Json(100, 1, 1)))).IsScored);
        Assert.False((await Score(new Answers(Json(101, 1, 1)))).IsScored);
        Assert.True((await Score(new Answers(Json(1, 64, 512)))).IsScored);
        Assert.False((await Score(new Answers(Json(1, 65, 1)))).IsScored);
        Assert.False((await Score(new Answers(Json(1, 1, 513)))).IsScored);
    }

    [Theory]
    [InlineData(408, 3)]
    [InlineData(429, 3)]
    [InlineData(500, 3)]
    [InlineData(503, 3)]
    [InlineData(400, 1)]
    [InlineData(401, 1)]
    [InlineData(302, 1)]
    public async Task Only_what_may_pass_is_asked_for_again(int status, int attempts)
    {
        var service = new Answers("{}") { Status = (HttpStatusCode)status };
        ScoreResult result = await Score(service, new ExternalScorerOptions { Endpoint = s_endpoint, MaxRetries = 2 });
        Assert.Equal($"the scorer answered with status {status}", result.Reason);
        Assert.Equal(attempts, service.Count);
    }

    [Fact]
    public async Task Pauses_double_from_100_ms_to_10_s()
    {
        var service = new Answers("{}") { Fault = new HttpRequestException(HttpRequestError.ConnectionError) };
        ScoreResult result = await Score(service, new ExternalScorerOptions { Endpoint = s_endpoint, MaxRetries = 10 });
        Assert.Contains("ConnectionError", result.Reason!, StringComparison.Ordinal);
        Assert.Equal(11, service.Count);
        Assert.Equal([100, 200, 400, 800, 1600, 3200, 6400, 10000, 10000, 10000],
            _clock.Timers.Where((due) => due != TimeSpan.FromSeconds(5)).Select((due) => due.TotalMilliseconds));
    }

    [Fact]
    public async Task An_attempt_that_takes_too_long_is_not_repeated()
    {
        var service = new Answers("{}") { Hangs = true };
        var clock = new ManualClock { Fires = (_) => true };
        using var client = new HttpClient(service);
        using var scorer = new ExternalScorer(new ExternalScorerOptions { Endpoint = s_endpoint }, client, clock);
        ScoreResult result = await scorer.ScoreAsync(new ScoreRequest("1"), CancellationToken.None);
        Assert.Equal("the scorer did not answer within 5 s", result.Reason);
        Assert.Equal(1, service.Count);
    }

    [Fact]
    public async Task The_callers_own_token_cancels()
    {
        using var client = new HttpClient(new Answers("{}") { Hangs = true });
        using var scorer = new ExternalScorer(new ExternalScorerOptions { Endpoint = s_endpoint }, client, _clock);
        using var leaves = new CancellationTokenSource();
        Task<ScoreResult> waiting = scorer.ScoreAsync(new ScoreRequest("1"), leaves.Token).AsTask();
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/json; charset=utf-16")]
    public async Task Only_JSON_in_UTF8_is_read(string type) => Assert.False((await Score(new Answers("""{ "score": 1 }""") { Type = type })).IsScored);

    [Fact]
    public async Task A_script_that_does_not_parse_is_not_sent()
    {
        var service = new Answers("""{ "score": 1 }""");
        using var client = new HttpClient(service);
        using var scorer = new ExternalScorer(new ExternalScorerOptions { Endpoint = s_endpoint }, client, _clock);
        Assert.False((await scorer.ScoreAsync(new ScoreRequest("("), CancellationToken.None)).IsScored);
        Assert.Equal(0, service.Count);
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        static void Refused(ExternalScorerOptions options, string name) =>
            Assert.Contains(name, Assert.Throws<ArgumentException>(() => new ExternalScorer(options)).Message, StringComparison.Ordinal);
        Refused(new() { Endpoint = new Uri("http://scorer.test") }, "https");
        Refused(new() { Endpoint = new Uri("ftp://localhost") }, "https");
        Refused(new() { Endpoint = new Uri("/x", UriKind.Relative) }, "absolute");
        Refused(new() { Endpoint = new Uri("https://a:b@scorer.test") }, "ApiKey");
        Refused(new() { Endpoint = s_endpoint, ApiKey = "a\r\nb" }, "ApiKey");
        Refused(new() { Endpoint = s_endpoint, Timeout = TimeSpan.Zero }, "Timeout");
        Refused(new() { Endpoint = s_endpoint, MaxRetries = 11 }, "MaxRetries is 11");
        new ExternalScorer(new() { Endpoint = new Uri("http://scorer.test"), AllowInsecureEndpoint = true }).Dispose();
        new ExternalScorer(new() { Endpoint = new Uri("http://[::1]:1") }).Dispose();
    }

    private Task<ScoreResult> Score(Answers service) => Score(service, new ExternalScorerOptions { Endpoint = s_endpoint });

    private async Task<ScoreResult> Score(Answers service, ExternalScorerOptions options)
    {
        using var client = new HttpClient(service);
        using var scorer = new ExternalScorer(options, client, _clock);
        return await scorer.ScoreAsync(new ScoreRequest("await callTool('users:list', { a: 1 })"), TestContext.Current.CancellationToken);
    }

    private sealed class Answers(string json) : HttpMessageHandler
    {
        public HttpStatusCode Status { get; init; } = HttpStatusCode.OK;

        public string Type { get; init; } = "application/json";

        public Exception? Fault { get; init; }

        public bool Hangs { get; init; }

        public int Count { get; private set; }

        public string? Authorization { get; private set; }

        public string? ContentType { get; private set; }

        public string? Body { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Count++;
            Authorization = request.Headers.Authorization?.ToString();
            ContentType = request.Content!.Headers.ContentType?.ToString();
            Body = await request.Content.ReadAsStringAsync(cancellationToken);
            if (Hangs) await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            if (Fault is not null) throw Fault;
            var response = new HttpResponseMessage(Status) { RequestMessage = request, Content = new ByteArrayContent(Encoding.UTF8.GetBytes(json)) };
            response.Content.Headers.TryAddWithoutValidation("Content-Type", Type);
            return response;
        }
    }
}
