using System.Text.Json;
using Enclave.SessionWire;

namespace Enclave.Broker.Sessions;

/// <summary>Writes what a durable run waits for.</summary>
internal static class WaitsJson
{
    /// <summary>Writes the member <c>waits</c>.</summary>
    /// <param name="writer">Where to write.</param>
    /// <param name="waits">The waits.</param>
    /// <param name="more">Writes further members of a wait; null for none.</param>
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<DurableWait> waits, Action<Utf8JsonWriter, DurableWait>? more = null)
    {
        writer.WriteStartArray("waits"u8);
        foreach (DurableWait wait in waits)
        {
            writer.WriteStartObject();
            writer.WriteString("kind"u8, JsonNamingPolicy.CamelCase.ConvertName(wait.Kind.ToString()));
            writer.WriteString("name"u8, WireJson.Text(wait.Name));
            writer.WriteString("callId"u8, wait.CallId);
            if (wait.Until is { } until) writer.WriteNumber("until"u8, until.ToUnixTimeMilliseconds());
            more?.Invoke(writer, wait);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
