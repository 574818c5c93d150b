using System.Text.Json;
using System.Text.Json.Nodes;

namespace Enclave.Client.UnitTests;

/// <summary>The outcome of a recording, ours and upstream's, as lines that can be compared. Names, numbers of connections and times are left out.</summary>
internal static class CaptureText
{
    public static string Of(SessionResult result) => result.Error is null
        ? $"ok {Of(result.Value)} {Of(result.Events.Select((taken) => taken.ToString()))}"
        : $"{result.Error.Code} {Cut(result.Error.Message)} {Of(result.Events.Select((taken) => taken.ToString()))}";

    /// <summary>Upstream's result, as its caller got it.</summary>
    public static string Of(JsonElement result)
    {
        string events = Of(result.GetProperty("events").EnumerateArray()
            .Select((taken) => taken.ValueKind == JsonValueKind.Array ? $"{taken[0]} {taken[1]}" : $"{taken.GetProperty("seq")} {taken.GetProperty("type")}"));
        if (result.GetProperty("success").GetBoolean()) return $"ok {Of(Optional(result, "value"))} {events}";
        JsonElement error = result.GetProperty("error");
        return $"{error.GetProperty("code").GetString()} {Cut(error.GetProperty("message").GetString()!)} {events}";
    }

    /// <summary>The outcome according to the stream, if it was not recorded.</summary>
    public static string OfStream(IEnumerable<JsonElement> lines)
    {
        JsonElement[] all = [.. lines];
        string events = Of(all.Select((line) => $"{line.GetProperty("seq")} {line.GetProperty("type")}"));
        JsonElement final = all.FirstOrDefault((line) => line.GetProperty("type").GetString() == "final");
        if (final.ValueKind == JsonValueKind.Undefined) return $"no end {events}";
        JsonElement payload = final.GetProperty("payload");
        if (payload.GetProperty("ok").GetBoolean()) return $"ok {Of(Optional(payload, "result"))} {events}";
        JsonElement error = payload.GetProperty("error");
        return $"{error.GetProperty("code").GetString()} {Cut(error.GetProperty("message").GetString()!)} {events}";
    }

    public static string OfRefusal(string opening, int status, string body) => $"SESSION_ERROR {Cut($"Failed to {opening} session: {status} - {body}")} []";

    private static string Of(JsonElement? value) => value is { } json ? Cut(JsonNode.Parse(json.GetRawText())?.ToJsonString() ?? "null") : "nothing";

    private static string Of(IEnumerable<string> events) => $"[{string.Join(", ", events)}]";

    private static JsonElement? Optional(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement member) ? member : null;

    private static string Cut(string text) => text.Length <= 300 ? text : $"{text[..300]}... of {text.Length}";
}
