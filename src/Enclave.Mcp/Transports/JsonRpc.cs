using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Enclave.Mcp.Transports;

/// <summary>Reads and writes the parts of messages that a transport needs itself (JSON-RPC 2.0).</summary>
internal static class JsonRpc
{
    /// <summary>JSON-RPC 2.0, 5.1.</summary>
    public const int ParseError = -32700, InvalidRequest = -32600, InternalError = -32603;

    private const int MaxDepth = 128;

    /// <summary>The id of a message, as far as it can be read, and whether it has a method. The other members are not parsed into values.</summary>
    public static (JsonValue? Id, bool HasMethod) HeadOf(ReadOnlySpan<byte> message)
    {
        var reader = new Utf8JsonReader(message, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = MaxDepth }));
        JsonValue? id = null;
        bool hasMethod = false;
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName) continue;
                if (reader.ValueTextEquals("method"u8)) hasMethod = true;
                if (!reader.ValueTextEquals("id"u8) || !reader.Read()) continue;
                if (reader.TokenType == JsonTokenType.String) id = JsonValue.Create(reader.GetString());
                else if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long number)) id = JsonValue.Create(number);
            }
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // Use what was read before the fault. For example, a text may have half of a pair of surrogates.
        }

        return (id, hasMethod);
    }

    /// <summary>An error as the answer to a request.</summary>
    /// <param name="id">The id of the request; null if it is unknown.</param>
    /// <param name="code">One of the codes above.</param>
    /// <param name="text">What is wrong.</param>
    public static byte[] Error(JsonNode? id, int code, string text) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["jsonrpc"] = "2.0",
        ["id"] = id,
        ["error"] = new JsonObject { ["code"] = code, ["message"] = text },
    }.ToJsonString());
}
