using System.Text;
using System.Text.Json;
using Enclave.Runtime;
using Enclave.Tests;

namespace Enclave.Lambda.Tests;

/// <summary>The function with Lambda's interface, in this process.</summary>
public sealed class FunctionTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _stop = new();
    private readonly RuntimeWorker _runtime = RuntimeWorkerFactory.CreateRuntimeWorker(new RuntimeWorkerOptions
    {
        MaxSessions = 1,
        ConfigureHost = static (host) => host.AllowDegradedIsolation = LambdaIsolation.Missing,
        ToolHandler = (name, args, _) => name == "half" ? new(args["n"].AsDouble() / 2) : throw new ToolException($"there is no tool {name}"),
    });

    private FakeLambda _lambda = null!;
    private RuntimeApi _api = null!;
    private Task _loop = null!;

    public async ValueTask InitializeAsync()
    {
        _lambda = await FakeLambda.StartAsync();
        _api = new RuntimeApi(_lambda.Place);
        _loop = InvocationLoop.RunAsync(_api, new ScriptFunction(_runtime, TimeProvider.System), _stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop.ContinueWith((_) => { }, TaskScheduler.Default);
        _api.Dispose();
        await _runtime.DisposeAsync();
        await _lambda.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task A_script_gives_its_value_console_and_figures()
    {
        FakeAnswer answer = await Ask("""{ "code": "console.log('x'); return { sum: 1 + await callTool('half', { n: 4 }) }", "sessionId": "s_1" }""");

        Assert.True(answer.Body.GetProperty("success").GetBoolean(), answer.Body.GetRawText());
        Assert.Equal(("response", 200), (answer.Kind, answer.Status));
        Assert.Equal((3, "x\n", 1), (answer.Body.GetProperty("value").GetProperty("sum").GetInt32(), answer.Body.GetProperty("stdout").GetString(),
            answer.Body.GetProperty("stats").GetProperty("toolCallCount").GetInt32()));
        Assert.Equal("application/json; charset=utf-8", answer.Json.GetProperty("headers").GetProperty("content-type").GetString());
    }

    [Theory]
    [InlineData("JSON.parse('{')", "RUNTIME_ERROR")]
    [InlineData("eval('1')", "VALIDATION_ERROR")]
    [InlineData("await callTool('none', {})", "TOOL_ERROR")]
    public async Task A_script_that_fails_is_an_answer_with_its_code(string code, string expected)
    {
        FakeAnswer answer = await Ask(JsonSerializer.Serialize(new { code }));

        Assert.Equal(("response", 200, false, expected), (answer.Kind, answer.Status, answer.Body.GetProperty("success").GetBoolean(), answer.Code));
    }

    [Fact]
    public async Task A_limit_ends_a_script_and_the_next_request_is_served()
    {
        FakeAnswer late = await Ask("""{ "code": "const text = 'x'.repeat(5000); for (let i = 0; i < 5000; i++) for (let j = 0; j < 5000; j++)""" +
            """ text.indexOf('xy')", "limits": { "timeout": 200 } }""");
        FakeAnswer next = await Ask("""{ "code": "return 1" }""");

        Assert.Equal((200, "TIMEOUT", 1), (late.Status, late.Code, next.Body.GetProperty("value").GetInt32()));
    }

    [Fact]
    public async Task The_end_of_the_requests_time_ends_the_script_before_lambda_does()
    {
        Task<FakeAnswer> asked = _lambda.InvokeAsync("""{ "code": "const text = 'x'.repeat(5000); for (let i = 0; i < 5000; i++) for (let j = 0; j < 5000;""" +
            """ j++) text.indexOf('xy')" }""", TimeSpan.FromSeconds(1));

        Assert.Equal("DEADLINE_EXCEEDED", (await Within.Deadline(asked, "answer")).Code);
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("{", "not JSON")]
    [InlineData("[]", "code must be a string")]
    [InlineData("1", "code must be a string")]
    [InlineData("{}", "code must be a string")]
    [InlineData("""{ "code": 1 }""", "code must be a string")]
    [InlineData("""{ "code": "\ud800" }""", "not JSON")]
    [InlineData("""{ "code": "return 1", "sessionId": 1 }""", "sessionId must be a string")]
    [InlineData("""{ "code": "return 1", "limits": 1 }""", "limits must be an object")]
    [InlineData("""{ "code": "return 1", "limits": { "timeout": -1 } }""", "timeout")]
    [InlineData("""{ "body": { "code": "return 1" } }""", "body must be a string of JSON")]
    [InlineData("""{ "body": "return 1" }""", "not JSON")]
    [InlineData("""{ "body": "%%", "isBase64Encoded": true }""", "not JSON")]
    [InlineData("""{ "code": [[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]] }""", "not JSON")]
    public async Task A_body_that_is_no_request_is_refused_with_its_fault(string json, string words)
    {
        FakeAnswer answer = await Ask(json);

        Assert.Equal(("response", 400, "INVALID_REQUEST"), (answer.Kind, answer.Status, answer.Code));
        Assert.Contains(words, answer.Body.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_over_http_has_its_script_in_the_body(bool encoded)
    {
        string body = """{ "code": "return 'ä'", "limits": { "timeout": 5000 } }""";
        if (encoded) body = Convert.ToBase64String(Encoding.UTF8.GetBytes(body));

        FakeAnswer answer = await Ask(JsonSerializer.Serialize(new { version = "2.0", rawPath = "/", body, isBase64Encoded = encoded }));

        Assert.Equal("ä", answer.Body.GetProperty("value").GetString());
    }

    [Fact]
    public async Task An_answer_that_lambda_does_not_carry_is_refused()
    {
        // Two million quotes. Each takes four bytes in a JSON string inside a JSON string.
        FakeAnswer answer = await Ask("""{ "code": "let text = '\"'; for (let i = 0; i < 21; i++) text = text + text; return text" }""");

        Assert.Equal((413, "PAYLOAD_TOO_LARGE"), (answer.Status, answer.Code));
    }

    private Task<FakeAnswer> Ask(string json) => Within.Deadline(_lambda.InvokeAsync(json), "answer");
}
