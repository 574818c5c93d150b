using System.Text.Json;

namespace Enclave.Broker.Tests;

/// <summary>Looks into events.</summary>
internal static class JsonPeek
{
    public static string Type(this JsonElement happened) => happened.GetProperty("type").GetString()!;

    public static JsonElement Payload(this JsonElement happened) => happened.GetProperty("payload");

    public static string[] Types(this IEnumerable<JsonElement> events) => [.. events.Select(Type)];

    public static JsonElement Final(this IReadOnlyList<JsonElement> events)
    {
        Assert.Equal("final", events[^1].Type());
        return events[^1].Payload();
    }

    /// <summary>The result as JSON; code and message of a failure.</summary>
    public static string Value(this JsonElement final) =>
        final.TryGetProperty("result", out JsonElement result) ? result.GetRawText() : final.GetProperty("error").GetRawText();

    public static string? ErrorCode(this JsonElement final) => final.GetProperty("error").GetProperty("code").GetString();
}
