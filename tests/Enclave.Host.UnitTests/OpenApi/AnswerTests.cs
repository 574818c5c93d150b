using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Enclave.Protocol;

namespace Enclave.Host.Tests.OpenApi;

/// <summary>The value that a script gets from a service's answer.</summary>
public sealed class AnswerTests : IDisposable
{
    private readonly ServiceBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("application/json", """{"a":[1,null],"big":9007199254740993}""", """{"a":[1,null],"big":"9007199254740993"}""")]
    [InlineData("application/problem+json; charset=utf-8", "true", "true")]
    [InlineData("text/json", "\"x\"", "\"x\"")]
    [InlineData("application/json", "\ufeff{}", "{}")]
    [InlineData("text/plain", "{}", "\"{}\"")]
    [InlineData("text/html; charset=\"UTF-8\"", "<é>", "\"<é>\"")]
    [InlineData("image/png", "", "null")]
    public async Task A_good_answer_is_its_data(string type, string body, string expected)
    {
        OpenApiService service = await Service((_) => Content(body, type));

        Assert.Equal(expected, (await _bench.Call(service, "s:op", "{}")).ToJsonString());
    }

    [Fact]
    public async Task An_answer_whose_value_has_no_room_in_the_host_is_refused_before_it_is_made()
    {
        string many = $"[{string.Join(',', Enumerable.Repeat('0', 2_000_000))}]";
        _bench.Answer = (_, _) => Task.FromResult(ServiceBench.Json(many));
        OpenApiService service = await _bench.Load(ServiceBench.Operation(""), (options) => options with { MaxResponseBytes = 16 << 20 });

        (string? code, string message) = await _bench.Fail(service, "{}");

        Assert.Equal("TOOL_RESULT_TOO_LARGE", code);
        Assert.Contains("more than the largest result may", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json", "{", "is not JSON")]
    [InlineData("application/json", "<html>", "is not JSON")]
    [InlineData("image/png", "x", "is neither JSON nor text")]
    [InlineData("text/plain; charset=utf-16", "x", "is text in another encoding than UTF-8")]
    public async Task An_answer_that_a_script_cannot_have_is_a_failure(string type, string body, string words)
    {
        OpenApiService service = await Service((_) => Content(body, type));

        (string? code, string message) = await _bench.Fail(service, "{}");

        Assert.Equal("TOOL_RESULT_INVALID", code);
        Assert.Contains(words, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nesting_is_a_failure_and_no_end_of_the_process()
    {
        OpenApiService service = await Service((_) => Content(new string('[', 100_000) + new string(']', 100_000), "application/json"));

        Assert.Equal("TOOL_RESULT_INVALID", (await _bench.Fail(service, "{}")).Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_is_only_so_large(bool saysSo)
    {
        int read = 0;
        OpenApiService service = await Service(
            (_) =>
            {
                HttpContent content = new StreamContent(new Counted(1 << 30, (count) => read += count));
                content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                if (saysSo) content.Headers.ContentLength = 1 << 30;
                return new HttpResponseMessage { Content = content };
            },
            (options) => options with { MaxResponseBytes = 100_000 });

        (string? code, string message) = await _bench.Fail(service, "{}");

        Assert.Equal(("TOOL_RESULT_TOO_LARGE", "the result of s:op is larger than 100000 bytes (MaxResponseBytes): ask for less"), (code, message));
        Assert.True(saysSo ? read == 0 : read < 1_000_000, $"{read} bytes were read");
    }

    [Fact]
    public async Task A_body_that_was_compressed_without_request_is_no_answer()
    {
        OpenApiService service = await Service((_) =>
        {
            HttpResponseMessage response = Content("x", "application/json");
            response.Content.Headers.ContentEncoding.Add("gzip");
            return response;
        });

        Assert.Contains("is compressed", (await _bench.Fail(service, "{}")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, "application/problem+json", """{ "title": "Bad", "detail": "The name\nis taken." }""",
        "s:op failed: the service answered 400: The name is taken.")]
    [InlineData(404, "application/json", """{ "message": "no such pet" }""", "s:op failed: the service answered 404: no such pet")]
    [InlineData(409, "application/json", """{ "code": 7 }""", "s:op failed: the service answered 409: { \"code\": 7 }")]
    [InlineData(422, "text/plain", "no\u0007pe", "s:op failed: the service answered 422: nope")]
    [InlineData(500, "text/html", "<h1>stack trace</h1>", "s:op failed: the service answered 500")]
    [InlineData(503, "application/json", "", "s:op failed: the service answered 503")]
    public async Task A_bad_status_is_a_failure_with_its_number(int status, string type, string body, string expected)
    {
        OpenApiService service = await Service((_) => Content(body, type, (HttpStatusCode)status));

        Assert.Equal(($"HTTP_{status}", expected), await _bench.Fail(service, "{}"));
    }

    [Fact]
    public async Task A_failure_says_only_so_much_and_nothing_of_the_headers()
    {
        OpenApiService service = await Service((_) =>
        {
            HttpResponseMessage response = Content(new string('x', 100_000), "text/plain", HttpStatusCode.BadGateway);
            response.Headers.TryAddWithoutValidation("X-Internal", "header-of-the-service");
            response.ReasonPhrase = "reason-of-the-service";
            return response;
        });

        string message = (await _bench.Fail(service, "{}")).Message;

        Assert.Equal($"s:op failed: the service answered 502: {new string('x', 500)}…", message);
    }

    [Fact]
    public async Task A_redirect_is_a_failure_and_is_not_told()
    {
        OpenApiService service = await Service(
            (_) => new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri("https://internal.example/admin") } });

        Assert.Equal(("HTTP_302", "s:op failed: the service answered 302"), await _bench.Fail(service, "{}"));
        Assert.Single(_bench.Requests);
    }

    [Fact]
    public async Task An_answer_that_came_from_elsewhere_is_none()
    {
        OpenApiService service = await Service((_) =>
        {
            HttpResponseMessage response = Content("\"secret of another host\"", "application/json");
            response.RequestMessage = new HttpRequestMessage(HttpMethod.Get, "https://api.example:8443/v1/op");
            return response;
        });

        Assert.Equal("HTTP_REDIRECTED", (await _bench.Fail(service, "{}")).Code);
    }

    [Fact]
    public async Task A_head_has_no_body()
    {
        _bench.Answer = (_, _) =>
        {
            var response = new HttpResponseMessage { Content = new ByteArrayContent([]) };
            response.Content.Headers.ContentLength = 1 << 30;
            response.Content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
            return Task.FromResult(response);
        };
        OpenApiService service = await _bench.Load(ServiceBench.Operation("", method: "head"));

        Assert.Equal(ScriptValue.Null, await _bench.Call(service, "s:op", "{}"));
    }

    private Task<OpenApiService> Service(Func<HttpRequestMessage, HttpResponseMessage> answer, Func<OpenApiOptions, OpenApiOptions>? change = null)
    {
        _bench.Answer = (request, _) => Task.FromResult(answer(request));
        return _bench.Load(ServiceBench.Operation(""), change);
    }

    private static HttpResponseMessage Content(string body, string type, HttpStatusCode status = HttpStatusCode.OK)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return new HttpResponseMessage(status) { Content = content };
    }

    /// <summary>A body of blanks, which counts how many were read.</summary>
    private sealed class Counted(long length, Action<int> taken) : MemoryStream
    {
        private long _left = length;

        public override bool CanSeek => false;

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            int count = (int)Math.Min(buffer.Length, _left);
            buffer[..count].Fill((byte)' ');
            _left -= count;
            taken(count);
            return count;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) => CopyAsync(destination, cancellationToken);

        private async Task CopyAsync(Stream destination, CancellationToken token)
        {
            byte[] buffer = new byte[8192];
            for (int count = Read(buffer); count > 0; count = Read(buffer)) await destination.WriteAsync(buffer.AsMemory(0, count), token);
        }
    }
}
