using System.Text.Json;
using Enclave.Broker.Tests.Upstream;
using Enclave.Client;
using Enclave.Streaming;
using Enclave.Tests;

namespace Enclave.Broker.Tests.Clients;

/// <summary>Our own client against our broker.</summary>
public sealed class ClientTests
{
    [Fact]
    public async Task A_script_its_console_and_its_tools()
    {
        await using BrokerApp app = await BrokerApp.Open();
        await using var client = new EnclaveClient(app.Address);

        SessionResult result = await Within.Deadline(
            client.ExecuteAsync("console.log('hi'); return (await callTool('math:add', { a: 1, b: 2 })).sum"), "result");

        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal(3, result.Value!.Value.GetInt32());
        Assert.Equal(["session_init", "stdout", "tool_call", "tool_progress", "tool_progress", "tool_result_applied", "final"],
            result.Events.Select((happened) => happened.Type));
    }

    [Fact]
    public async Task A_session_that_is_encrypted_is_read_and_carries_nothing_in_clear()
    {
        await using BrokerApp app = await BrokerApp.Open();
        await using var client = new EnclaveClient(new EnclaveClientOptions { BaseUrl = app.Address, Encryption = EncryptionMode.Required });

        SessionResult result = await Within.Deadline(
            client.ExecuteAsync("console.log('between us'); return 'ours alone'", new ExecuteOptions { SessionId = "s_sealed" }), "result");
        using HttpResponseMessage raw = await app.Send(HttpMethod.Get, "/sessions/s_sealed/stream");
        string lines = await raw.Content.ReadAsStringAsync();

        Assert.Equal("ours alone", result.Value!.Value.GetString());
        Assert.Contains("\"enc\"", lines, StringComparison.Ordinal);
        Assert.DoesNotContain("between us", lines, StringComparison.Ordinal);
        Assert.DoesNotContain("ours alone", lines, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_opens_a_durable_session_answers_it_and_reads_it_again()
    {
        await using BrokerApp app = await BrokerApp.Open(
            (broker) => broker.HeartbeatInterval = TimeSpan.FromMilliseconds(100), (options) => options.Durable = new DurableOptions { Grace = TimeSpan.Zero });
        await using var client = new EnclaveClient(app.Address);
        await using ClientSession session = await Within.Deadline(
            client.StartAsync("return await waitFor('go')", new ExecuteOptions { SessionId = "s_long", Durable = true }), "start");

        await foreach (SessionEvent happened in session.Events)
        {
            if (happened.Payload is not Heartbeat) continue;
            if ((await client.GetSessionAsync("s_long"))?.State == ClientSessionState.Suspended) break;
        }

        await session.AnswerToolCallAsync("c_1", JsonSerializer.SerializeToElement(9));
        SessionResult result = await Within.Deadline(session.Completion, "result");
        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal(9, result.Value!.Value.GetInt32());
        Assert.Empty(result.Missing);
    }

    [Fact]
    public async Task A_client_answers_the_tools_that_were_left_to_it()
    {
        await using BrokerApp app = await BrokerApp.Open((broker) => broker.ClientTools = ["ask:user"]);
        await using var client = new EnclaveClient(app.Address);
        const string Code =
            "const many = await callTool('ask:user', { question: 'how many?' }); return many + (await callTool('math:add', { a: 1, b: 2 })).sum";
        await using ClientSession session = await Within.Deadline(client.StartAsync(Code, new ExecuteOptions { Tools = ["ask:user"] }), "start");

        await foreach (SessionEvent happened in session.Events)
        {
            if (happened.Payload is ToolCall { ToolName: "ask:user" } call)
                await session.AnswerToolCallAsync(call.CallId, JsonSerializer.SerializeToElement(7));
        }

        SessionResult result = await Within.Deadline(session.Completion, "result");
        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal(10, result.Value!.Value.GetInt32());
    }

    [Fact]
    public async Task A_cut_connection_costs_no_event()
    {
        await using BrokerApp app = await BrokerApp.Open();
        await using CuttingProxy proxy = CuttingProxy.Open(app.Address, afterLines: 30);
        await using var client = new EnclaveClient(new EnclaveClientOptions { BaseUrl = proxy.Address, ReconnectDelay = TimeSpan.FromMilliseconds(20) });

        SessionResult result = await Within.Deadline(
            client.ExecuteAsync("for (let i = 0; i < 20; i++) await callTool('time:sleep', { ms: 10 }); return 'whole'"), "result");

        Assert.Equal("whole", result.Value!.Value.GetString());
        Assert.Equal(1, proxy.Cuts);
        Assert.Equal(Enumerable.Range(1, result.Events.Count).Select((seq) => (long)seq), result.Events.Select((happened) => happened.Seq));
    }

    [Fact]
    public async Task A_cancel_has_its_reason_at_both_ends()
    {
        await using BrokerApp app = await BrokerApp.Open();
        await using var client = new EnclaveClient(app.Address);
        await using ClientSession session = await Within.Deadline(client.StartAsync("return await callTool('time:sleep', { ms: 60000 })"), "start");

        await Within.Deadline(session.CancelAsync("enough"), "cancel");
        SessionResult result = await Within.Deadline(session.Completion, "result");

        Assert.Equal("CANCELLED", result.Error!.Code);
        await Within.Becomes(() =>
            app.Get($"/sessions/{session.SessionId}").GetAwaiter().GetResult().GetProperty("state").GetString() == "cancelled", "the broker has cancelled it");
    }
}
