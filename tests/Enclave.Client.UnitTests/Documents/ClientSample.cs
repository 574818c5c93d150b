using System.Text.Json;
using Enclave.Streaming;
using Enclave.Tests;

namespace Enclave.Client.UnitTests;

/// <summary>The samples of docs/client.md.</summary>
public sealed class ClientSample
{
    [Fact]
    public async Task Ten_lines()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", (exchange) => exchange.SendAsync(
            Wire.Init(exchange.SessionId), Wire.Stdout(exchange.SessionId, 2, "adding"), Wire.Final(exchange.SessionId, 3, "42")));
        Uri address = broker.BaseUrl;
        using var written = new StringWriter();
        string token = "secret";

        // sample
        await using var client = new EnclaveClient(new EnclaveClientOptions { BaseUrl = address, BearerToken = token });

        SessionResult result = await client.ExecuteAsync("console.log('adding'); return 40 + 2", new ExecuteOptions
        {
            Limits = new SessionLimits { SessionTtlMs = 10_000, MaxToolCalls = 20 },
        });

        foreach (SessionEvent happened in result.Events) written.WriteLine(happened);
        written.WriteLine(result.Error is null ? $"returned {result.Value}" : $"{result.Error.Code}: {result.Error.Message}");
        // end

        Assert.Equal(["1 session_init", "2 stdout", "3 final", "returned 42", ""], written.ToString().Split(Environment.NewLine));
        Assert.Equal("Bearer secret", broker.Exchanges[0].Headers["Authorization"]);
    }

    [Fact]
    public async Task A_session_that_is_watched()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", async (exchange) =>
        {
            await exchange.SendAsync(Wire.Init(exchange.SessionId), Wire.Stdout(exchange.SessionId, 2, "hello"), Wire.ToolCall(exchange.SessionId, 3, "c_1"));
            await Within.Becomes(() => broker.Asked.Count == 2, "the tool call was answered");
            await exchange.SendAsync(Wire.Final(exchange.SessionId, 4));
        }).On("POST /sessions/*/tool-result", (exchange) => exchange.AnswerAsync(200, "{}"));
        await using EnclaveClient client = broker.Client();
        using var written = new StringWriter();
        static JsonElement Stock(JsonElement args) => JsonSerializer.SerializeToElement(new { pears = 3 });

        // sample
        await using ClientSession session = await client.StartAsync("return await callTool('stock', {})");
        await foreach (SessionEvent happened in session.Events)
        {
            if (happened.Payload is Stdout output) written.Write(output.Chunk);
            // Only of tools that the session left to its client: ExecuteOptions.Tools.
            if (happened.Payload is ToolCall call) await session.AnswerToolCallAsync(call.CallId, Stock(call.Args));
        }

        SessionResult result = await session.Completion;
        // end

        Assert.True(result.Success);
        Assert.Equal("hello", written.ToString());
        Assert.Equal("""{"callId":"c_1","result":{"pears":3}}""", broker.Exchanges[1].Body);
    }

    [Fact]
    public async Task A_session_that_is_taken_up_by_another_process()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("GET /sessions/*/stream", (exchange) => exchange.SendAsync(Wire.Stdout(exchange.SessionId, 3, "b"), Wire.Final(exchange.SessionId, 4)));
        await using EnclaveClient client = broker.Client();
        (string Id, long Next) saved = ("s_1", 3);

        // sample
        await using ClientSession session = await client.ResumeAsync(saved.Id, saved.Next);
        SessionResult result = await session.Completion;
        // end

        Assert.Equal(["3 stdout", "4 final"], result.Events.Select((taken) => taken.ToString()));
    }

    [Fact]
    public async Task A_session_that_is_cancelled()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", async (exchange) =>
        {
            await exchange.SendAsync(Wire.Init(exchange.SessionId));
            await exchange.HoldAsync();
        }).On("POST /sessions/*/cancel", (exchange) => exchange.AnswerAsync(200, "{}"));
        await using EnclaveClient client = broker.Client();
        await using ClientSession session = await client.StartAsync("x");

        // sample
        CancelOutcome said = await session.CancelAsync("the user left");
        SessionResult result = await session.Completion;
        // end

        Assert.Equal((CancelOutcome.Cancelled, ClientErrorCodes.Cancelled), (said, result.Error!.Code));
    }

    [Fact]
    public async Task A_session_with_a_filter_and_encryption()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", (exchange) => exchange.SendAsync(Wire.Init(exchange.SessionId), Wire.Final(exchange.SessionId, 6)));
        await using EnclaveClient client = broker.Client();

        // sample
        SessionResult result = await client.ExecuteAsync("return 7", new ExecuteOptions
        {
            Encryption = EncryptionMode.Optional,
            Filter = JsonSerializer.SerializeToElement(
                new { mode = "exclude", rules = new[] { new { types = new { types = new[] { "tool_progress", "heartbeat" } } } } }),
        });
        // end

        Assert.True(result.Success);
        Assert.Equal("exclude", broker.Exchanges[0].Json.GetProperty("filter").GetProperty("mode").GetString());
    }
}
