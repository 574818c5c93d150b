using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;
using Enclave.Streaming.Channels;
using Enclave.Streaming.Json;

namespace Enclave.Streaming;

/// <summary>
/// Reads messages from JSON, in every form that known peers send: with other member names, with members left out, or inside a <c>payload</c>.
/// </summary>
public static class ChannelReader
{
    private const int MaxIdCharacters = 256;

    /// <summary>Reads one message. Its content does not depend on the document's lifetime.</summary>
    /// <param name="json">One JSON value from a peer.</param>
    /// <param name="message">The message; null if the JSON is not a message.</param>
    /// <returns>False if the JSON is not a message: unknown type, a member that is missing or of the wrong
    /// kind, an id that is empty or longer than 256 characters.</returns>
    public static bool TryRead(JsonElement json, [NotNullWhen(true)] out ChannelMessage? message)
    {
        message = null;
        if (json.ValueKind != JsonValueKind.Object) return false;
        ReadOnlySpan<byte> raw = JsonMarshal.GetRawUtf8Value(json);
        if (UnicodeText.IsReadable(raw))
        {
            message = Read(new ChannelMembers(json));
            return message is not null;
        }

        using JsonDocument mended = JsonDocument.Parse(UnicodeText.Repair(raw), new JsonDocumentOptions { MaxDepth = int.MaxValue });
        message = Read(new ChannelMembers(mended.RootElement));
        return message is not null;
    }

    private static ChannelMessage? Read(ChannelMembers members) => TypeOf(members) switch
    {
        "execute" or "start" => Execute(members),
        "cancel" => Cancel(members),
        "tool_result" or "tool_result_submit" => ToolResult(members),
        "ping" => new ChannelPing(members.Number("timestamp")),
        "pong" => new ChannelPong(members.Number("timestamp"), members.Number("serverTime")),
        _ => null,
    };

    private static string? TypeOf(ChannelMembers members)
    {
        if (members.Find("type") is { } type) return type.ValueKind == JsonValueKind.String ? type.GetString() : null;
        // One form of an answer has no type and is recognised by its members.
        return members.Find("id") is not null && (members.Find("data") ?? members.Find("error")) is not null ? "tool_result" : null;
    }

    private static ChannelExecute? Execute(ChannelMembers members)
    {
        if (!members.TryText("code", out string? code)
            || code is null || !TryId(members, "sessionId", out string? session) || !TryId(members, "tenant", out string? tenant)
            || !TryId(members, "runId", out string? run) || !members.TryText("language", out string? language)) return null;
        SessionLimits? limits = null;
        string? problem = null;
        if (members.Find("limits") is { } json && !SessionLimits.TryRead(json, out limits, out string wrong))
            problem = json.ValueKind == JsonValueKind.Object ? $"limits.{wrong}" : $"limits {wrong}";
        long? bytes = members.Number("maxEventBytes") is >= 1 and <= long.MaxValue / 2 and var most ? (long)most : null;
        return new ChannelExecute(code)
        {
            SessionId = session,
            Tenant = tenant,
            RunId = run,
            Language = language,
            OfModel = members.Find("ofModel") is { ValueKind: JsonValueKind.True },
            MaxEventBytes = bytes,
            Limits = limits,
            LimitsProblem = problem,
        };
    }

    private static ChannelCancel? Cancel(ChannelMembers members) =>
        TryId(members, "sessionId", out string? session) && session is not null && members.TryText("reason", out string? reason)
            ? new ChannelCancel(session, reason)
            : null;

    private static ChannelToolResult? ToolResult(ChannelMembers members)
    {
        if (!TryId(members, "callId", out string? call) || (call is null && !TryId(members, "id", out call)) || call is null) return null;
        if (!TryId(members, "sessionId", out string? session)) return null;
        JsonElement? error = members.Find("error");
        if ((members.Find("success") ?? members.Find("ok")) is { } said && said.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) return null;
        bool success = (members.Find("success") ?? members.Find("ok")) is { } told ? told.ValueKind == JsonValueKind.True : error is null;
        if (!success) return new ChannelToolResult(call) { SessionId = session, Success = false, Error = Failure(error) };
        return new ChannelToolResult(call) { SessionId = session, Success = true, Value = Value(members) };
    }

    /// <summary>The first of these members that is present. A null member counts only if no other is present.</summary>
    private static JsonElement? Value(ChannelMembers members) =>
        (members.Find("value") ?? members.Find("result") ?? members.Find("data") ?? members.FindNull("value", "result", "data"))?.Clone();

    private static ErrorInfo Failure(JsonElement? error)
    {
        const string Unsaid = "the tool failed";
        if (error is not { } json) return new ErrorInfo(Unsaid);
        if (json.ValueKind == JsonValueKind.String) return new ErrorInfo(json.GetString()!);
        if (json.ValueKind != JsonValueKind.Object) return new ErrorInfo(Unsaid);
        var members = new ChannelMembers(json);
        return new ErrorInfo(
            members.TryText("message", out string? message) ? message ?? Unsaid : Unsaid, members.TryText("code", out string? code) ? code : null);
    }

    private static bool TryId(ChannelMembers members, string name, out string? id) =>
        members.TryText(name, out id) && id is not { Length: 0 or > MaxIdCharacters };
}
