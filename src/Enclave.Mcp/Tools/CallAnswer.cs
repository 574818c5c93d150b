using System.Text.Json;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Protocol.Values;
using Enclave.Schemas;
using Enclave.Tools;
using ModelContextProtocol.Protocol;

namespace Enclave.Mcp.Tools;

/// <summary>
/// Converts the result of a call to a script value: structured content unchanged, with the images, sounds and resources beside it as one more member;
/// text alone as one string; anything else as a list of parts, their data as bytes.
/// </summary>
internal static class CallAnswer
{
    /// <summary>The member with what stands beside structured content. A server that has such a member itself moves it to <c>$$parts</c>.</summary>
    private const string Parts = "$parts";

    private const int ErrorCharacters = 2_000;

    /// <summary>Memory of a part without its text and data.</summary>
    private const int PartBytes = 1 << 10;

    /// <summary>The result's schema of a tool that gives unstructured content: text, or a list of parts if there is more than text.</summary>
    /// <remarks>Short, because models read it once per tool. It stays open: parts have members by their type.</remarks>
    public static JsonElement Unstructured { get; } =
        JsonElement.Parse("""{ "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "object" } }] }""");

    /// <exception cref="ToolException">The server says that the tool failed, gave no data, or gave more than the host has room for.</exception>
    public static async Task<ScriptValue> ToValueAsync(string tool, CallToolResult result, ToolContext context, CancellationToken token)
    {
        if (result.IsError == true)
        {
            string said = string.Join(' ', (result.Content ?? []).OfType<TextContentBlock>().Select((block) => block.Text));
            throw ToolFault.Of(ToolCode.McpFailed, LenientJson.OneLine(said, ErrorCharacters) is { } line ? $"{tool} failed: {line}" : $"{tool} failed");
        }

        try
        {
            IList<ContentBlock> content = result.Content ?? [];
            await ToolResult.HoldAsync(tool, result.StructuredContent ?? default, context, content.Sum(MemoryOf), token).ConfigureAwait(false);
            if (result.StructuredContent is { } structured && structured.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined))
            {
                // Text blocks beside it repeat the same data, for clients that do not read structured content.
                return With(ScriptValue.From(structured), [.. content.Where((block) => block is not TextContentBlock)]);
            }

            if (content.Count == 0) return ScriptValue.Null;
            if (content.All((block) => block is TextContentBlock))
                return ScriptValue.From(string.Join('\n', content.Cast<TextContentBlock>().Select((block) => block.Text)));
            return ScriptValue.From(content.Select(Part).ToArray());
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or JsonException)
        {
            throw ToolFault.Of(ToolCode.ResultInvalid, $"the result of {tool} cannot be converted to a script value", fault);
        }
    }

    /// <summary>The structured content with the other parts. Content that is not an object becomes the member <c>value</c> of an object.</summary>
    private static ScriptValue With(ScriptValue structured, ContentBlock[] others)
    {
        if (others.Length == 0) return structured;
        var members = new PropertyTable.Builder((structured.Kind == ScriptValueKind.Object ? structured.Count : 1) + 1);
        string parts = Parts;
        if (structured.Kind == ScriptValueKind.Object)
        {
            foreach ((string name, ScriptValue member) in structured.Properties) members.Set(name, member);
            while (structured.TryGetProperty(parts, out _)) parts = $"${parts}";
        }
        else
        {
            members.Set("value", structured);
        }

        members.Set(parts, ScriptValue.From(others.Select(Part).ToArray()));
        return ScriptValue.OfObject(members.Build());
    }

    /// <summary>The memory of a part as a value, with the copies that its conversion makes.</summary>
    private static long MemoryOf(ContentBlock block) => PartBytes + block switch
    {
        TextContentBlock text => ValueCost.MemoryOf(text.Text),
        ImageContentBlock image => image.Data.Length,
        AudioContentBlock audio => audio.Data.Length,
        EmbeddedResourceBlock { Resource: TextResourceContents text } => ValueCost.MemoryOf(text.Text),
        EmbeddedResourceBlock { Resource: BlobResourceContents blob } => blob.Blob.Length,
        _ => 0,
    };

    private static Dictionary<string, object?> Part(ContentBlock block) => block switch
    {
        TextContentBlock text => Given(("type", "text"), ("text", text.Text)),
        ImageContentBlock image => Given(("type", "image"), ("mimeType", image.MimeType), ("data", image.DecodedData.ToArray())),
        AudioContentBlock audio => Given(("type", "audio"), ("mimeType", audio.MimeType), ("data", audio.DecodedData.ToArray())),
        EmbeddedResourceBlock { Resource: TextResourceContents text } =>
            Given(("type", "resource"), ("uri", text.Uri), ("mimeType", text.MimeType), ("text", text.Text)),
        EmbeddedResourceBlock { Resource: BlobResourceContents blob } =>
            Given(("type", "resource"), ("uri", blob.Uri), ("mimeType", blob.MimeType), ("data", blob.DecodedData.ToArray())),
        ResourceLinkBlock link => Given(
            ("type", "resource_link"), ("uri", link.Uri), ("name", link.Name), ("title", link.Title), ("description", link.Description),
            ("mimeType", link.MimeType), ("size", link.Size)),
        _ => Given(("type", block.Type)),
    };

    /// <summary>Only the members that the server gave: a script would otherwise read <c>null</c> for missing ones.</summary>
    private static Dictionary<string, object?> Given(params ReadOnlySpan<(string Name, object? Value)> members)
    {
        var given = new Dictionary<string, object?>(members.Length);
        foreach ((string name, object? value) in members)
        {
            if (value is not null) given.Add(name, value);
        }

        return given;
    }
}
