using System.Runtime.InteropServices;
using System.Text.Json;
using Enclave.Mcp.Transports;
using Enclave.Protocol;
using Enclave.Schemas;
using Enclave.Secrets;
using ModelContextProtocol.Protocol;

namespace Enclave.Mcp.Tools;

/// <summary>Covers secrets in a server's description of its tool. A server was sent its credentials, and models read all it says.</summary>
internal static class CoveredTool
{
    private static readonly JsonElement s_open = JsonElement.Parse("""{ "type": "object" }""");

    /// <summary>The tool without secrets; null if its schemas cannot be read.</summary>
    public static Tool? Of(Tool tool, SourceSecrets secrets)
    {
        SecretMask mask = secrets.Mask;
        if (mask == SecretMask.Nothing) return tool;
        try
        {
            return new Tool
            {
                Name = mask.Of(tool.Name ?? ""),
                Title = Text(tool.Title),
                Description = Text(tool.Description),
                InputSchema = Schema(tool.InputSchema),
                OutputSchema = tool.OutputSchema is { } output ? Schema(output) : null,
                Annotations = tool.Annotations is not { } hints ? null : new ToolAnnotations
                {
                    Title = Text(hints.Title),
                    ReadOnlyHint = hints.ReadOnlyHint,
                    DestructiveHint = hints.DestructiveHint,
                    IdempotentHint = hints.IdempotentHint,
                    OpenWorldHint = hints.OpenWorldHint,
                },
            };
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or JsonException or InvalidOperationException)
        {
            return null;
        }

        string? Text(string? text) => text is null ? null : mask.Of(text);

        // A schema above this size is not used, so its values are not worth the memory.
        JsonElement Schema(JsonElement schema) => JsonMarshal.GetRawUtf8Value(schema).Length > GivenSchema.MaxBytes
            ? s_open
            : JsonElement.Parse(mask.Of(ScriptValue.From(schema)).ToJsonString());
    }
}
