using System.Text.Json;

namespace Enclave.Broker;

/// <summary>Texts of JSON that somebody else wrote.</summary>
internal static class JsonText
{
    /// <summary>A member's text; null where there is no such member, it is no text, or this is no object.</summary>
    public static string? Text(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
