using System.Text;
using System.Text.Json.Nodes;
using Enclave.Tests;

namespace Enclave.Mcp.Tests.Servers;

/// <summary>Messages of a client to a server over streams: bounded, all of them answered, in batches too.</summary>
public sealed class ClientMessageTests
{
    private const string Unknown = """{"jsonrpc":"2.0","id":"x","method":"no/such"}""";

    private const string Initialized = """{"jsonrpc":"2.0","method":"notifications/initialized"}""";

    [Fact]
    public async Task What_was_asked_is_answered_before_the_end()
    {
        JsonNode[] answers = await Ask(
            Initialize("2025-11-25"), Initialized, Run(2, "return await callTool('slow', { n: 41 })"), """{"jsonrpc":"2.0","id":"p","method":"ping"}""");

        Assert.Equal(["\"p\"", "1", "2"], answers.Select((answer) => answer["id"]!.ToJsonString()).Order(StringComparer.Ordinal));
        Assert.Equal("42", Value(answers.Single((answer) => answer["id"]!.ToJsonString() == "2")));
    }

    [Theory]
    [InlineData("2024-11-05", "2024-11-05")]
    [InlineData("2025-06-18", "2025-06-18")]
    [InlineData("2025-11-25", "2025-11-25")]
    [InlineData("2030-01-01", "2025-11-25")]
    [InlineData("1", "2025-11-25")]
    public async Task A_version_that_the_server_does_not_have_is_answered_with_its_last_one(string asked, string answered) =>
        Assert.Equal(answered, (string?)Assert.Single(await Ask(Initialize(asked)))["result"]?["protocolVersion"]);

    [Fact]
    public async Task A_batch_has_one_answer_for_all_its_requests()
    {
        JsonNode[] answers = await Ask(
            Initialize("2025-03-26"), Initialized,
            $"[{Run(2, "return 1")},{Initialized},7,{Unknown},{Run(3, "return await callTool('slow', { n: 2 })")}]",
            $"[{Initialized}]", "[]", Run(4, "return 4"));

        JsonArray whole = Assert.IsType<JsonArray>(answers.Single((answer) => answer is JsonArray));
        Assert.Equal(4, whole.Count);
        Assert.Equal(-32600, (int?)whole.Single((one) => one!["id"] is null)!["error"]?["code"]);
        Assert.Equal("1", Value(whole.Single((one) => one!["id"]?.ToJsonString() == "2")!));
        Assert.Equal("3", Value(whole.Single((one) => one!["id"]?.ToJsonString() == "3")!));
        Assert.NotNull(whole.Single((one) => one!["id"]?.ToJsonString() == "\"x\"")!["error"]);
        JsonNode[] single = [.. answers.Where((answer) => answer is JsonObject)];
        Assert.Equal("4", Value(single.Single((answer) => answer["id"]?.ToJsonString() == "4")));
        Assert.Equal(-32600, (int?)single.Single((answer) => answer["id"] is null)["error"]?["code"]);
        Assert.Equal(3, single.Length);
    }

    [Fact]
    public async Task A_request_that_its_client_has_given_up_holds_up_nothing()
    {
        JsonNode[] answers = await Ask(
            Initialize("2025-11-25"), Initialized, Run(2, "return await callTool('never', {})"),
            """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}}""");

        Assert.Contains(answers, (answer) => answer["id"]?.ToJsonString() == "1");
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":7,\"id\":8,\"method\":\"ping\"}")]
    [InlineData("\"text\"")]
    [InlineData("[[[[[[")]
    [InlineData("")]
    public async Task A_line_that_is_no_message_stops_nobody(string line)
    {
        JsonNode[] answers = await Ask(Initialize("2025-11-25"), Initialized, line, Run(2, "return 2"));

        Assert.Equal("2", Value(answers.Single((answer) => answer["id"]?.ToJsonString() == "2")));
    }

    /// <summary>Sends these lines and ends; gets the lines of the answer.</summary>
    private static async Task<JsonNode[]> Ask(params string[] lines)
    {
        var options = new EnclaveOptions();
        options.Tools.Add("slow", async (int n) =>
        {
            await Task.Yield();
            return n + 1;
        });
        options.Tools.Add("never", (CancellationToken token) => Task.Delay(Timeout.Infinite, token));
        await using var enclave = new EnclaveHost(options);
        var output = new MemoryStream();

        await Within.Deadline(
            CodeServer.RunAsync(
                enclave, new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n")), output, null, null, TestContext.Current.CancellationToken),
            "end of the server");

        return [.. Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((line) => JsonNode.Parse(line)!)];
    }

    private static string Initialize(string version) => new JsonObject
    {
        ["jsonrpc"] = "2.0",
        ["id"] = 1,
        ["method"] = "initialize",
        ["params"] = new JsonObject
        {
            ["protocolVersion"] = version,
            ["capabilities"] = new JsonObject(),
            ["clientInfo"] = new JsonObject { ["name"] = "t", ["version"] = "1" },
        },
    }.ToJsonString();

    private static string Run(int id, string code) => new JsonObject
    {
        ["jsonrpc"] = "2.0",
        ["id"] = id,
        ["method"] = "tools/call",
        ["params"] = new JsonObject { ["name"] = "run_code", ["arguments"] = new JsonObject { ["code"] = code } },
    }.ToJsonString();

    private static string? Value(JsonNode answer) => answer["result"]?["structuredContent"]?["value"]?.ToJsonString();

    [Fact]
    public async Task A_message_without_end_ends_the_server_with_the_reason()
    {
        byte[] endless = new byte[40 << 20];
        Array.Fill(endless, (byte)'[');
        await using var enclave = new EnclaveHost();

        IOException fault = await Assert.ThrowsAsync<IOException>(() => Within.Deadline(
            CodeServer.RunAsync(enclave, new MemoryStream(endless), Stream.Null, null, null, TestContext.Current.CancellationToken), "end of the server"));

        Assert.Equal("a message is longer than 33554432 bytes (MaxMessageBytes)", fault.Message);
    }
}
