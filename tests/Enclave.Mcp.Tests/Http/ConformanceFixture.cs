using System.ComponentModel;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Enclave.Mcp.Tests.Http;

/// <summary>
/// The tools, prompts and resources that the conformance tests for servers ask for. An application adds its own in the same way
/// (<c>McpEndpointOptions.Configure</c>).
/// </summary>
internal static class ConformanceFixture
{
    private const string Schema = """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "type": "object",
          "$defs": { "address": { "type": "object", "properties": { "street": { "type": "string" }, "city": { "type": "string" } } } },
          "properties": { "name": { "type": "string" }, "address": { "$ref": "#/$defs/address" } },
          "additionalProperties": false
        }
        """;

    /// <summary>One dot, as PNG; and a sound without samples, as WAV: both in base64, which is how the library takes them.</summary>
    private static readonly byte[] s_picture = Encoding.ASCII.GetBytes(
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="),
        s_sound = Encoding.ASCII.GetBytes("UklGRiQAAABXQVZFZm10IBAAAAABAAEARKwAAIhYAQACABAAZGF0YQAAAAA=");

    public static void AddTo(McpServerOptions settings)
    {
        settings.ToolCollection = [.. Tools()];
        settings.PromptCollection = [.. Prompts()];
        settings.ResourceCollection = [.. Resources()];
        settings.Capabilities!.Resources = new ResourcesCapability { Subscribe = true };
        settings.Handlers.SubscribeToResourcesHandler = (request, token) => ValueTask.FromResult(new EmptyResult());
        settings.Handlers.UnsubscribeFromResourcesHandler = (request, token) => ValueTask.FromResult(new EmptyResult());
        settings.Handlers.CompleteHandler = (request, token) =>
            ValueTask.FromResult(new CompleteResult { Completion = new Completion { Values = [], Total = 0 } });
        settings.Filters.Request.CallToolFilters.Add((next) => async (request, token) =>
        {
            CallToolResult result = await next(request, token);
            // The answer is kept, and the client comes back for it.
            if (request.Params.Name == "test_reconnection") await request.EnablePollingAsync(TimeSpan.FromMilliseconds(100), token);
            return result;
        });
    }

    private static IEnumerable<McpServerTool> Tools()
    {
        yield return Tool("test_simple_text", () => "This is a simple text response for testing.");
        yield return Tool("test_image_content", ContentBlock () => Picture());
        yield return Tool("test_audio_content", ContentBlock () => new AudioContentBlock { Data = s_sound, MimeType = "audio/wav" });
        yield return Tool("test_embedded_resource", ContentBlock () => Resource("test://embedded-resource", "This is an embedded resource content."));
        yield return Tool("test_multiple_content_types", IEnumerable<ContentBlock> () =>
        [
            new TextContentBlock { Text = "Multiple content types test:" }, Picture(), Resource("test://mixed-content-resource", "{\"test\":\"data\"}"),
        ]);
        yield return Tool("test_error_handling", string () => throw new McpException("This tool intentionally returns an error for testing"));
        yield return Tool("test_reconnection", () => "reconnected");
        yield return Tool("test_tool_with_logging", LogAsync);
        yield return Tool("test_tool_with_progress", ProgressAsync);
        yield return Tool("test_sampling", SampleAsync);
        yield return Tool("test_elicitation", (McpServer server, string message, CancellationToken token) =>
            AskAsync(server, message, new() { ["response"] = new ElicitRequestParams.StringSchema { Description = "An answer" } }, token));
        yield return Tool("test_elicitation_sep1034_defaults", (McpServer server, CancellationToken token) => AskAsync(server, "Defaults", Defaults(), token));
        yield return Tool("test_elicitation_sep1330_enums", (McpServer server, CancellationToken token) => AskAsync(server, "Choices", Choices(), token));
        McpServerTool strict = Tool("json_schema_2020_12_tool", () => "done");
        strict.ProtocolTool.InputSchema = JsonElement.Parse(Schema);
        yield return strict;
    }

    private static IEnumerable<McpServerPrompt> Prompts()
    {
        yield return Prompt("test_simple_prompt", () => "This is a simple prompt for testing.");
        yield return Prompt("test_prompt_with_arguments", ([Description("First")] string arg1, [Description("Second")] string arg2) =>
            $"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'");
        yield return Prompt("test_prompt_with_embedded_resource", IEnumerable<PromptMessage> (string resourceUri) =>
            [Said(Resource(resourceUri, "Embedded resource content for testing.")), Said(new TextContentBlock { Text = "Please process it." })]);
        yield return Prompt("test_prompt_with_image", IEnumerable<PromptMessage> () =>
            [Said(Picture()), Said(new TextContentBlock { Text = "Please analyze it." })]);
    }

    private static IEnumerable<McpServerResource> Resources()
    {
        yield return McpServerResource.Create(
            () => "This is the content of the static text resource.", new() { UriTemplate = "test://static-text", Name = "text", MimeType = "text/plain" });
        yield return McpServerResource.Create(
            () => new BlobResourceContents { Uri = "test://static-binary", MimeType = "image/png", Blob = s_picture },
            new() { UriTemplate = "test://static-binary", Name = "binary", MimeType = "image/png" });
        yield return McpServerResource.Create(
            (string id) => new JsonObject { ["id"] = id, ["templateTest"] = true, ["data"] = $"Data for ID: {id}" }.ToJsonString(),
            new() { UriTemplate = "test://template/{id}/data", Name = "template", MimeType = "application/json" });
        yield return McpServerResource.Create(() => "watched", new() { UriTemplate = "test://watched-resource", Name = "watched", MimeType = "text/plain" });
    }

    private static McpServerTool Tool(string name, Delegate method) => McpServerTool.Create(method, new() { Name = name, Description = name });

    private static McpServerPrompt Prompt(string name, Delegate method) => McpServerPrompt.Create(method, new() { Name = name, Description = name });

    private static ImageContentBlock Picture() => new() { Data = s_picture, MimeType = "image/png" };

    private static EmbeddedResourceBlock Resource(string uri, string text) =>
        new() { Resource = new TextResourceContents { Uri = uri, MimeType = "text/plain", Text = text } };

    private static PromptMessage Said(ContentBlock content) => new() { Role = Role.User, Content = content };

    private static async Task<string> LogAsync(McpServer server, CancellationToken token)
    {
        foreach (string line in new[] { "Tool execution started", "Tool processing data", "Tool execution completed" })
        {
            var said = new LoggingMessageNotificationParams { Level = LoggingLevel.Info, Data = JsonSerializer.SerializeToElement(line) };
            await server.SendNotificationAsync(NotificationMethods.LoggingMessageNotification, said, cancellationToken: token);
        }

        return "logged";
    }

    private static async Task<string> ProgressAsync(RequestContext<CallToolRequestParams> request, CancellationToken token)
    {
        if (request.Params.ProgressToken is not { } progress) return "nobody asked";
        foreach (int step in new[] { 0, 50, 100 })
            await request.Server.NotifyProgressAsync(progress, new ProgressNotificationValue { Progress = step, Total = 100 }, cancellationToken: token);
        return "progressed";
    }

    private static async Task<string> SampleAsync(McpServer server, string prompt, CancellationToken token)
    {
        CreateMessageResult answer = await server.SampleAsync(
            new CreateMessageRequestParams
            {
                Messages = [new SamplingMessage { Role = Role.User, Content = [new TextContentBlock { Text = prompt }] }],
                MaxTokens = 100
            }, token);
        return $"LLM response: {answer.Content.OfType<TextContentBlock>().FirstOrDefault()?.Text}";
    }

    private static async Task<string> AskAsync(
        McpServer server, string message, Dictionary<string, ElicitRequestParams.PrimitiveSchemaDefinition> asked, CancellationToken token)
    {
        var schema = new ElicitRequestParams.RequestSchema();
        foreach ((string name, ElicitRequestParams.PrimitiveSchemaDefinition definition) in asked) schema.Properties.Add(name, definition);
        ElicitResult answer = await server.ElicitAsync(new ElicitRequestParams { Message = message, RequestedSchema = schema }, token);
        return $"User response: {answer.Action}, {JsonSerializer.Serialize(answer.Content)}";
    }

    private static Dictionary<string, ElicitRequestParams.PrimitiveSchemaDefinition> Defaults() => new()
    {
        ["name"] = new ElicitRequestParams.StringSchema { Default = "John Doe" },
        ["age"] = new ElicitRequestParams.NumberSchema { Type = "integer", Default = 30 },
        ["score"] = new ElicitRequestParams.NumberSchema { Default = 95.5 },
        ["status"] = new ElicitRequestParams.UntitledSingleSelectEnumSchema { Enum = ["active", "inactive", "pending"], Default = "active" },
        ["verified"] = new ElicitRequestParams.BooleanSchema { Default = true },
    };

    private static Dictionary<string, ElicitRequestParams.PrimitiveSchemaDefinition> Choices() => new()
    {
        ["untitledSingle"] = new ElicitRequestParams.UntitledSingleSelectEnumSchema { Enum = ["option1", "option2", "option3"] },
        ["titledSingle"] = new ElicitRequestParams.TitledSingleSelectEnumSchema { OneOf = [Choice(1), Choice(2), Choice(3)] },
        ["legacyEnum"] = new ElicitRequestParams.LegacyTitledEnumSchema
        {
            Enum = ["opt1", "opt2", "opt3"],
            EnumNames = ["Option One", "Option Two", "Option Three"]
        },
        ["untitledMulti"] = new ElicitRequestParams.UntitledMultiSelectEnumSchema { Items = new() { Enum = ["option1", "option2", "option3"] } },
        ["titledMulti"] = new ElicitRequestParams.TitledMultiSelectEnumSchema { Items = new() { AnyOf = [Choice(1), Choice(2), Choice(3)] } },
    };

    private static ElicitRequestParams.EnumSchemaOption Choice(int number) => new() { Const = $"value{number}", Title = $"Choice {number}" };
}
