using System.Text.Json;
using System.Text.Json.Nodes;

namespace Enclave.Mcp.Tests.Http;

/// <summary>A call of <c>run_code</c> in the revision without sessions, written by hand, so that a test may do what the library's client does not.</summary>
internal sealed record StatelessCall(string Code)
{
    public const string Revision = "2026-07-28";

    private const string Meta = "io.modelcontextprotocol/";

    public string? Token { get; init; }

    public string? State { get; init; }

    /// <summary>The answers, by the keys of the questions.</summary>
    public JsonObject? Answers { get; init; }

    /// <summary>What the client declares.</summary>
    public string Capabilities { get; init; } = """{"elicitation":{"form":{}}}""";

    public static JsonObject Yes(params IEnumerable<string> calls) => [.. calls.Select((call) => KeyValuePair.Create(call, (JsonNode?)new JsonObject
    {
        ["action"] = "accept",
        ["content"] = new JsonObject { ["allow"] = true },
    }))];

    /// <summary>Sends it, and gives the response with its headers alone read.</summary>
    public Task<HttpResponseMessage> SendAsync(McpApp app, Action<HttpRequestMessage>? change = null)
    {
        var parameters = new JsonObject
        {
            ["name"] = "run_code",
            ["arguments"] = new JsonObject { ["code"] = Code },
            ["_meta"] = new JsonObject
            {
                [$"{Meta}protocolVersion"] = Revision,
                [$"{Meta}clientInfo"] = new JsonObject { ["name"] = "t", ["version"] = "1" },
                [$"{Meta}clientCapabilities"] = JsonNode.Parse(Capabilities),
            },
        };
        if (State is not null) parameters["requestState"] = State;
        if (Answers is not null) parameters["inputResponses"] = Answers.DeepClone();
        var body = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = "tools/call", ["params"] = parameters };
        return app.PostAsync(body.ToJsonString(), null, Token, (request) =>
        {
            request.Headers.Add("Mcp-Protocol-Version", Revision);
            request.Headers.Add("Mcp-Method", "tools/call");
            request.Headers.Add("Mcp-Name", "run_code");
            change?.Invoke(request);
        });
    }

    /// <summary>Sends it, and gives the answer: a result, or an error.</summary>
    public async Task<JsonElement> AskAsync(McpApp app)
    {
        using HttpResponseMessage response = await SendAsync(app);
        if (response.Content.Headers.ContentType?.MediaType == "application/json")
            return JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return JsonElement.Parse((await Http.Answers.EventsAsync(response))[^1].Data);
    }

    /// <summary>Sends it, and gives its state and its questions.</summary>
    public async Task<(string State, string[] Calls)> QuestionsAsync(McpApp app)
    {
        JsonElement answer = await AskAsync(app);
        Assert.True(answer.TryGetProperty("result", out JsonElement result) && result.GetProperty("resultType").GetString() == "input_required",
            answer.GetRawText());
        return (result.GetProperty("requestState").GetString()!, [.. result.GetProperty("inputRequests").EnumerateObject().Select((asked) => asked.Name)]);
    }

    /// <summary>Sends it, and gives the value of the script, or the error.</summary>
    public async Task<string> ValueAsync(McpApp app)
    {
        JsonElement answer = await AskAsync(app);
        return answer.TryGetProperty("result", out JsonElement result) && result.TryGetProperty("structuredContent", out JsonElement value)
            ? value.GetRawText()
            : answer.GetRawText();
    }
}
