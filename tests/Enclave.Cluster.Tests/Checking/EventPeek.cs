using System.Text.Json;

namespace Enclave.Cluster.Tests.Checking;

/// <summary>Reads lines of the wire.</summary>
internal static class EventPeek
{
    public static (long Seq, string Type) Head(string line)
    {
        using var happened = JsonDocument.Parse(line);
        return (happened.RootElement.GetProperty("seq").GetInt64(), happened.RootElement.GetProperty("type").GetString()!);
    }

    public static JsonElement Payload(string line)
    {
        using var happened = JsonDocument.Parse(line);
        return happened.RootElement.GetProperty("payload").Clone();
    }

    /// <summary>The code of a last event; <c>ok</c> if it has none.</summary>
    public static string Code(string line)
    {
        JsonElement final = Payload(line);
        return final.GetProperty("ok").GetBoolean() ? "ok" : final.GetProperty("error").GetProperty("code").GetString()!;
    }
}
