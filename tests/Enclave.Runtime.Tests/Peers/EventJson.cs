using System.Text.Json;

namespace Enclave.Runtime.Tests;

/// <summary>Reads events without the product's own reader.</summary>
internal static class EventJson
{
    public static string Type(this JsonElement json) => json.GetProperty("type").GetString()!;

    public static JsonElement Payload(this JsonElement json) => json.GetProperty("payload");

    public static string Text(this JsonElement json, string name) => json.GetProperty(name).GetString()!;

    public static string[] Types(this IEnumerable<JsonElement> events) => [.. events.Select(Type)];

    /// <summary>The code of an <c>error</c> or of a <c>final</c>; null for none.</summary>
    public static string? Code(this JsonElement json)
    {
        JsonElement payload = json.Payload();
        if (json.Type() == "final" && !payload.TryGetProperty("error", out payload)) return null;
        return payload.TryGetProperty("code", out JsonElement code) ? code.GetString() : null;
    }
}
