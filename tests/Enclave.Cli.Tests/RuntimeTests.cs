using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Cli.Commands;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary><c>enclave runtime</c>, as a process.</summary>
public sealed class RuntimeTests
{
    private const string Secret = "a-secret-of-some-length";

    [Theory]
    [InlineData(2)]
    [InlineData(15)]
    public async Task It_runs_sessions_until_a_signal_and_stops_in_order(int signal)
    {
        await using CliProcess cli = CliProcess.Start(["runtime", "--port", "0", "--max-sessions", "3", "--json", "--debug"], ("ENCLAVE_TOKEN", Secret));
        JsonElement started = JsonElement.Parse(await cli.NextLineAsync("the start"));
        Assert.Equal((3, "secure agentscript", true),
            (started.GetProperty("maxSessions").GetInt32(), $"{started.GetProperty("level")} {started.GetProperty("preset")}",
                started.GetProperty("pid").GetInt32() > 0));
        var address = new Uri(started.GetProperty("listening").GetString()!);
        Assert.Equal("127.0.0.1", address.Host);
        using var refused = new ClientWebSocket();
        await Assert.ThrowsAsync<WebSocketException>(() => refused.ConnectAsync(address, CancellationToken.None));
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {Secret}");
        await socket.ConnectAsync(address, CancellationToken.None);
        await SendAsync(socket, """{"type":"execute","sessionId":"s_1","code":"return 6 * 7"}""");
        Assert.Equal("session_init", (await NextAsync(socket)).GetProperty("type").GetString());
        Assert.Equal(42, (await NextAsync(socket)).GetProperty("payload").GetProperty("result").GetInt32());

        cli.Signal(signal);

        var close = await socket.ReceiveAsync(new byte[100], Patience());
        Assert.Equal((WebSocketMessageType.Close, WebSocketCloseStatus.EndpointUnavailable), (close.MessageType, close.CloseStatus));
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Patience());
        CliResult result = await cli.EndAsync();
        Assert.Equal(0, result.ExitCode);
        Assert.DoesNotContain(Secret, result.Error, StringComparison.Ordinal);
        string[] told =
            [.. result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((line) => JsonElement.Parse(line).GetProperty("what").GetString()!)];
        Assert.Equal(["listening", "connection_refused", "connected", "execute", "event", "event", "stopping", "disconnected", "stopped"], told);
    }

    [Theory]
    [InlineData("TIMEOUT", "return await callTool('silent')", "--timeout", "500ms")]
    [InlineData("MAX_TOOL_CALLS", "return await callTool('silent')", "--max-tool-calls", "0")]
    [InlineData("MEMORY_LIMIT_EXCEEDED",
        "const all = []; for (let i = 0; i < 4000; i++) all.push(new Array(1000).fill(i)); return all.length", "--memory", "16MB")]
    public async Task Its_limits_hold_for_sessions_that_name_none(string expected, string code, params string[] options)
    {
        await using CliProcess cli = CliProcess.Start(["runtime", "--port", "0", "--json", .. options]);
        var address = new Uri(JsonElement.Parse(await cli.NextLineAsync("the start")).GetProperty("listening").GetString()!);
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(address, CancellationToken.None);

        await SendAsync(socket, JsonSerializer.Serialize(new { type = "execute", sessionId = "s_1", code }));

        JsonElement message;
        do message = await NextAsync(socket);
        while (message.GetProperty("type").GetString() != "final");
        Assert.Equal(expected, message.GetProperty("payload").GetProperty("error").GetProperty("code").GetString());
    }

    /// <summary>What the operator of a runtime gives holds for every broker, whatever it asks for.</summary>
    [Theory]
    [InlineData("TIMEOUT", "return await callTool('silent')", """{"timeout":60000}""", "--timeout", "500ms")]
    [InlineData("TIMEOUT", "return await callTool('silent')", """{"sessionTtlMs":60000}""", "--timeout", "500ms")]
    [InlineData("TIMEOUT", "return await callTool('silent')", """{"maxExecutionMs":60000,"toolTimeoutMs":60000}""", "--timeout", "500ms")]
    [InlineData("TIMEOUT", "return await callTool('silent')", """{"sessionTtlMs":500,"timeout":60000}""", "--timeout", "60s")]
    [InlineData("MAX_TOOL_CALLS", "const first = callTool('a'); return await callTool('b')", """{"maxToolCalls":20}""", "--max-tool-calls", "1")]
    [InlineData("MEMORY_LIMIT_EXCEEDED",
        "const all = []; for (let i = 0; i < 4000; i++) all.push(new Array(1000).fill(i)); return all.length", """{"memoryLimit":134217728}""",
        "--memory", "16MB")]
    public async Task Its_limits_hold_for_sessions_that_ask_for_more(string expected, string code, string limits, params string[] options)
    {
        await using CliProcess cli = CliProcess.Start(["runtime", "--port", "0", "--json", .. options]);
        var address = new Uri(JsonElement.Parse(await cli.NextLineAsync("the start")).GetProperty("listening").GetString()!);
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(address, CancellationToken.None);

        await SendAsync(socket, JsonSerializer.Serialize(new { type = "execute", sessionId = "s_1", code, limits = JsonElement.Parse(limits) }));

        JsonElement message;
        do message = await NextAsync(socket);
        while (message.GetProperty("type").GetString() != "final");
        Assert.Equal(expected, message.GetProperty("payload").GetProperty("error").GetProperty("code").GetString());
    }

    /// <summary>A broker says which scripts its MCP clients sent. The operator's choice of rules goes before it.</summary>
    [Theory]
    [InlineData("{}", null, "VALIDATION_ERROR")]
    [InlineData("""{"ofModel":true}""", null, null)]
    [InlineData("""{"ofModel":"true"}""", null, "VALIDATION_ERROR")]
    [InlineData("""{"ofModel":true}""", "strict", "VALIDATION_ERROR")]
    [InlineData("{}", "javascript", null)]
    public async Task Code_of_a_model_has_the_whole_language_unless_rules_are_chosen(string more, string? preset, string? expected)
    {
        await using CliProcess cli = CliProcess.Start(["runtime", "--port", "0", "--json", .. preset is null ? (string[])[] : ["--preset", preset]]);
        var address = new Uri(JsonElement.Parse(await cli.NextLineAsync("the start")).GetProperty("listening").GetString()!);
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(address, CancellationToken.None);

        JsonObject message = JsonNode.Parse(more)!.AsObject();
        (message["type"], message["sessionId"], message["code"]) = ("execute", "s_1", "let i = 0; while (i < 3) i++; return i");
        await SendAsync(socket, message.ToJsonString());

        JsonElement said;
        do said = await NextAsync(socket);
        while (said.GetProperty("type").GetString() != "final");
        JsonElement payload = said.GetProperty("payload");
        Assert.Equal(expected, payload.TryGetProperty("error", out JsonElement error) ? error.GetProperty("code").GetString() : null);
        Assert.Equal(expected is null, payload.TryGetProperty("result", out JsonElement result) && result.GetInt32() == 3);
    }

    [Fact]
    public async Task Without_a_token_it_does_not_listen_on_a_network()
    {
        CliResult result = await CliProcess.RunAsync("runtime", "--port", "0", "--host", "0.0.0.0");

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains("ENCLAVE_TOKEN", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_comes_from_a_file()
    {
        using var folder = new TemporaryFolder();
        await using CliProcess cli = CliProcess.Start(["runtime", "--port", "0", "--host", "0.0.0.0", "--token-file", folder.File("token", Secret + "\n")]);

        Assert.StartsWith("listening on ws://0.0.0.0:", await cli.NextLineAsync("the start"), StringComparison.Ordinal);
        cli.Signal(15);

        Assert.Equal(0, (await cli.EndAsync()).ExitCode);
    }

    [Theory]
    [InlineData("--port", "70000")]
    [InlineData("--max-sessions", "0")]
    [InlineData("--host", "example.org")]
    [InlineData("--token-file", "/nowhere")]
    [InlineData("--level", "none")]
    [InlineData("--unknown", "")]
    public async Task An_option_that_it_cannot_follow_is_refused(string option, string value)
    {
        CliResult result = await CliProcess.RunAsync("runtime", option, value);

        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("enclave: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said()
    {
        await using CliProcess first = CliProcess.Start(["runtime", "--port", "0", "--json"]);
        int port = new Uri(JsonElement.Parse(await first.NextLineAsync("the start")).GetProperty("listening").GetString()!).Port;

        CliResult second = await CliProcess.RunAsync("runtime", "--port", port.ToString(System.Globalization.CultureInfo.InvariantCulture));

        Assert.Equal(5, second.ExitCode);
        Assert.Contains("is in use", second.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_that_cannot_run_scripts_is_found_out_at_the_start()
    {
        using var folder = new TemporaryFolder();

        CliResult result = await CliProcess.RunAsync("", ["runtime", "--port", "0", "--level", "strict"], CliProcess.WithoutBubblewrap(folder));

        Assert.Equal((5, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("enclave: STRICT needs what this machine does not give: ", result.Error, StringComparison.Ordinal);
    }

    private static Task SendAsync(ClientWebSocket socket, string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, Patience());

    private static async Task<JsonElement> NextAsync(ClientWebSocket socket)
    {
        var buffer = new byte[64 << 10];
        WebSocketReceiveResult piece = await socket.ReceiveAsync(buffer, Patience());
        return JsonElement.Parse(buffer.AsSpan(0, piece.Count));
    }

    /// <summary>Ends a test that hangs.</summary>
    private static CancellationToken Patience() => new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;
}
