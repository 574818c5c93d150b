using System.Text.Json;

namespace Enclave.Client.Http;

/// <summary>Reads the broker's descriptions of sessions. Missing or wrong members get their default. A session without a name is skipped.</summary>
internal static class SessionInfoReader
{
    private const long MaxUnixMs = 253_402_300_799_999, MostCounted = 1L << 53;

    public static SessionInfo Read(BrokerResponse answer) => Parse(answer, (root) => TryRead(root, out SessionInfo? info) ? info : null) ?? throw Wrong(answer);

    public static IReadOnlyList<SessionInfo> ReadList(BrokerResponse answer) =>
        Parse(answer, (root) => Member(root, "sessions") is { ValueKind: JsonValueKind.Array } list ? Sessions(list) : null) ?? throw Wrong(answer);

    private static SessionInfo[] Sessions(JsonElement list) =>
        [.. list.EnumerateArray().Select((item) => TryRead(item, out SessionInfo? info) ? info : null).OfType<SessionInfo>()];

    private static T? Parse<T>(BrokerResponse answer, Func<JsonElement, T?> read) where T : class
    {
        try
        {
            using JsonDocument body = JsonDocument.Parse(answer.Body);
            return read(body.RootElement);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a text of the JSON is not valid Unicode.
            return null;
        }
    }

    private static EnclaveClientException Wrong(BrokerResponse answer) =>
        new(ClientErrorCodes.ParseError, "The broker's answer does not describe sessions", answer.Status);

    private static bool TryRead(JsonElement json, out SessionInfo? info)
    {
        info = null;
        if ((Text(json, "sessionId") ?? Text(json, "id")) is not { Length: > 0 } id) return false;
        JsonElement stats = Member(json, "stats") ?? default;
        info = new SessionInfo(id, State(Text(json, "state") ?? Text(json, "status")),
            Time(json, "createdAt"), Time(json, "expiresAt"), TimeSpan.FromMilliseconds(Number(stats, "duration", TimeSpan.MaxValue.TotalMilliseconds / 2)),
            (long)Number(stats, "toolCallCount", MostCounted))
        { Queue = Place(json) };
        return true;
    }

    private static QueuePlace? Place(JsonElement json)
    {
        JsonElement queue = Member(json, "queue") ?? default;
        var place = (long)Number(queue, "place", MostCounted);
        return place < 1 ? null : new QueuePlace(place, Math.Max(place, (long)Number(queue, "waiting", MostCounted)));
    }

    private static ClientSessionState State(string? name) => name switch
    {
        "starting" or "pending" => ClientSessionState.Starting,
        "running" => ClientSessionState.Running,
        "waiting_for_tool" => ClientSessionState.WaitingForTool,
        "suspended" => ClientSessionState.Suspended,
        "completed" => ClientSessionState.Completed,
        "cancelled" => ClientSessionState.Cancelled,
        "failed" or "error" => ClientSessionState.Failed,
        _ => ClientSessionState.Unknown,
    };

    private static JsonElement? Member(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement member) ? member : null;

    private static string? Text(JsonElement json, string name) => Member(json, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static DateTimeOffset Time(JsonElement json, string name) => DateTimeOffset.FromUnixTimeMilliseconds((long)Number(json, name, MaxUnixMs));

    /// <summary>A number from 0 up to a maximum.</summary>
    private static double Number(JsonElement json, string name, double most) =>
        Member(json, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out double value) ? Math.Clamp(value, 0, most) : 0;
}
