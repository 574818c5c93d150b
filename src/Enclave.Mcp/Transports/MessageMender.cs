using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Enclave.Mcp.Transports;

/// <summary>
/// Mends messages of MCP servers that the library cannot read. The library would drop such a message, and its request would end with a timeout. A message that
/// cannot be mended becomes an error of its request.
/// </summary>
internal static class MessageMender
{
    private const int MaxDepth = 64;

    /// <summary>The most parts of one answer that are mended.</summary>
    private const int MaxParts = 1_000;

    private static readonly SearchValues<byte> s_space = SearchValues.Create(" \t\r\n"u8);
    private static readonly byte[] s_mark = [0xEF, 0xBB, 0xBF];
    // A name in the message for each kind that is mended below.
    private static readonly byte[][] s_signs = ["\"content\""u8.ToArray(), "\"error\""u8.ToArray(), "\"protocolVersion\""u8.ToArray()];

    /// <summary>The message in a form that the library can read: the same memory if no change is needed.</summary>
    /// <param name="message">The message, without the end of its line.</param>
    /// <param name="asked">The request that it answers, where the transport knows it; null elsewhere.</param>
    public static ReadOnlyMemory<byte> Mend(ReadOnlyMemory<byte> message, JsonNode? asked = null)
    {
        if (message.Span.StartsWith(s_mark)) message = message[s_mark.Length..];
        if (!Utf8.IsValid(message.Span)) message = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(message.Span));
        message = WithWholeCharacters(message);
        int first = message.Span.IndexOfAnyExcept(s_space);
        // A server's other output is no message.
        if (first < 0 || message.Span[first] is not ((byte)'{' or (byte)'[')) return message;
        bool isAsText = IsIdOfText(message.Span);
        if (!isAsText && !Array.Exists(s_signs, (sign) => message.Span.IndexOf(sign) >= 0) && IsJson(message.Span)) return message;
        try
        {
            JsonNode? read = JsonNode.Parse(message.Span, documentOptions: new JsonDocumentOptions { MaxDepth = MaxDepth });
            // Mend every message of a batch: do not stop at the first change.
            bool isChanged = (read is JsonArray batch ? [.. batch.Select(MendOne)] : (bool[])[MendOne(read)]).Contains(true);
            return isChanged ? Encoding.UTF8.GetBytes(read!.ToJsonString()) : message;
        }
        catch (Exception fault) when (fault is JsonException or ArgumentException or InvalidOperationException)
        {
            // Members of the same name are an error here too.
            return (asked?.DeepClone() ?? AnsweredBy(message.Span)) is { } id
                ? JsonRpc.Error(id, JsonRpc.ParseError, "the server sent an unreadable answer") : message;
        }
    }

    /// <summary>Mends one message in place. True if it was changed.</summary>
    private static bool MendOne(JsonNode? node)
    {
        if (node is not JsonObject message || message["method"] is not null || (!message.ContainsKey("result") && !message.ContainsKey("error"))) return false;
        bool isChanged = false;
        // The library asks under numbers.
        if (message["id"] is JsonValue id && id.TryGetValue(out string? text) && long.TryParse(text, out long number))
        {
            message["id"] = number;
            isChanged = true;
        }

        if (message.ContainsKey("error"))
        {
            isChanged |= MendError(message);
            if (message.ContainsKey("error")) return isChanged;
        }

        if (message["result"] is not JsonObject result) return isChanged;
        if (result.ContainsKey("protocolVersion") && result.ContainsKey("capabilities") && result["serverInfo"] is not JsonObject)
        {
            result["serverInfo"] = new JsonObject { ["name"] = "unknown", ["version"] = "0" };
            isChanged = true;
        }

        return MendContent(result) || isChanged;
    }

    private static bool MendError(JsonObject message)
    {
        if (message["error"] is null && message.ContainsKey("result")) return message.Remove("error");
        if (message["error"] is JsonObject whole && whole["code"] is JsonValue code && code.TryGetValue(out int _)
            && whole["message"] is JsonValue said && said.TryGetValue(out string? _)) return message.Remove("result");
        JsonNode? given = message["error"];
        string text = given is JsonObject parts && parts["message"] is { } told ? Text(told) : given is null ? "an error" : Text(given);
        int number = given is JsonObject { } one && one["code"] is JsonValue value
            && int.TryParse(value.ToString(), out int known) ? known : JsonRpc.InternalError;
        message["error"] = new JsonObject { ["code"] = number, ["message"] = text };
        message.Remove("result");
        return true;
    }

    private static string Text(JsonNode node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : node.ToJsonString();

    /// <summary>
    /// Mends the parts of an answer. The library refuses the whole answer if it does not know one part. Annotations are removed, because they are not used.
    /// </summary>
    private static bool MendContent(JsonObject result)
    {
        if (result.TryGetPropertyValue("content", out JsonNode? content) && content is null) return result.Remove("content");
        if (content is not JsonArray blocks) return false;
        bool isChanged = false;
        for (int i = 0; i < Math.Min(blocks.Count, MaxParts); i++)
        {
            if (blocks[i] is not JsonObject block)
            {
                blocks[i] = new JsonObject { ["type"] = "text", ["text"] = blocks[i]?.ToJsonString() ?? "null" };
                isChanged = true;
                continue;
            }

            isChanged |= block.Remove("annotations");
            if (block["resource"] is JsonObject resource) isChanged |= resource.Remove("annotations");
            if (IsReadable(block)) continue;
            blocks[i] = new JsonObject { ["type"] = "text", ["text"] = block.ToJsonString() };
            isChanged = true;
        }

        return isChanged;
    }

    private static bool IsReadable(JsonObject block)
    {
        try
        {
            return block.Deserialize(McpContracts.Of<ContentBlock>()) is not null;
        }
        catch (Exception fault) when (fault is JsonException or ArgumentException or InvalidOperationException or NotSupportedException or FormatException)
        {
            return false;
        }
    }

    /// <summary>Replaces lone surrogates, as cut texts have them, by U+FFFD (JSON escapes: RFC 8259, 7 and 8.2).</summary>
    private static ReadOnlyMemory<byte> WithWholeCharacters(ReadOnlyMemory<byte> message)
    {
        ReadOnlySpan<byte> text = message.Span;
        byte[]? mended = null;
        for (int at = text.IndexOf((byte)'\\'); at >= 0 && at + 1 < text.Length;)
        {
            int next = at + 2;
            if (text[at + 1] == (byte)'u' && CodeAt(text, at) is { } unit)
            {
                next = at + 6;
                if (char.IsHighSurrogate((char)unit) && CodeAt(text, next) is { } low && char.IsLowSurrogate((char)low)) next += 6;
                else if (char.IsSurrogate((char)unit)) "\\ufffd"u8.CopyTo((mended ??= text.ToArray()).AsSpan(at));
            }

            int more = next < text.Length ? text[next..].IndexOf((byte)'\\') : -1;
            at = more < 0 ? -1 : next + more;
        }

        return mended ?? message;
    }

    /// <summary>The UTF-16 unit of an escape; null if there is none.</summary>
    private static int? CodeAt(ReadOnlySpan<byte> text, int at) =>
        at + 6 <= text.Length && text[at] == (byte)'\\' && text[at + 1] == (byte)'u'
            && Utf8Parser.TryParse(text.Slice(at + 2, 4), out ushort unit, out int read, 'x') && read == 4 ? unit : null;

    private static bool IsJson(ReadOnlySpan<byte> message)
    {
        var reader = new Utf8JsonReader(message, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsIdOfText(ReadOnlySpan<byte> message)
    {
        int at = message.IndexOf("\"id\""u8);
        if (at < 0) return false;
        ReadOnlySpan<byte> rest = message[(at + 4)..].TrimStart(" \t:"u8);
        return !rest.IsEmpty && rest[0] == (byte)'"';
    }

    /// <summary>The request that a message answers, if that stands before what cannot be read; null elsewhere. The library asks under numbers.</summary>
    private static JsonValue? AnsweredBy(ReadOnlySpan<byte> message) =>
        JsonRpc.HeadOf(message) is (Id: { } id, HasMethod: false) && id.GetValueKind() == JsonValueKind.Number ? id : null;
}
