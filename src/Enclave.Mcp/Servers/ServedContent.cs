using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Models;
using ModelContextProtocol.Protocol;

namespace Enclave.Mcp.Servers;

/// <summary>An answer as a client gets it: structured, as text for clients that know no structures, and its files.</summary>
internal static class ServedContent
{
    public static CallToolResult Of(JsonObject answer) => Of(new CodeReply(answer, []));

    public static CallToolResult Of(CodeReply reply)
    {
        string text = reply.Text;
        return new CallToolResult
        {
            StructuredContent = JsonElement.Parse(text),
            Content = [new TextContentBlock { Text = text }, .. reply.Content.Select(Block)],
            IsError = reply.IsError,
        };
    }

    private static ContentBlock Block(CodeContent file, int index)
    {
        if (file.MediaType.StartsWith("image/", StringComparison.OrdinalIgnoreCase)) return ImageContentBlock.FromBytes(file.Data, file.MediaType);
        if (file.MediaType.StartsWith("audio/", StringComparison.OrdinalIgnoreCase)) return AudioContentBlock.FromBytes(file.Data, file.MediaType);
        string uri = $"enclave:///result/{index + 1}/{Uri.EscapeDataString(file.Name ?? "file")}";
        return new EmbeddedResourceBlock { Resource = BlobResourceContents.FromBytes(file.Data, uri, file.MediaType) };
    }
}
