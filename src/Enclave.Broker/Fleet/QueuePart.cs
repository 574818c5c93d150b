using System.Text.Json;

namespace Enclave.Broker.Fleet;

/// <summary>A queue, as one broker sees it.</summary>
/// <param name="Name">Level and class, as <c>secure.default</c>; only the level without classes.</param>
/// <param name="Waiting">Number of waiting sessions.</param>
/// <param name="Published">Sessions that are at a queue server and have not begun.</param>
/// <param name="Free">Sessions that could begin now.</param>
/// <param name="AgeMs">How long the first session has waited.</param>
internal sealed record QueuePart(string Name, int Waiting, int Published, int Free, long AgeMs)
{
    internal void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, Name);
        writer.WriteNumber("waiting"u8, Waiting);
        writer.WriteNumber("published"u8, Published);
        writer.WriteNumber("free"u8, Free);
        writer.WriteNumber("ageMs"u8, AgeMs);
        writer.WriteEndObject();
    }

    internal static QueuePart? Read(JsonElement json) => FleetJson.Text(json, "name", FleetPart.MaxId) is { Length: > 0 } name
        ? new QueuePart(
            name, FleetJson.Count(json, "waiting"), FleetJson.Count(json, "published"), FleetJson.Count(json, "free"), FleetJson.Number(json, "ageMs"))
        : null;
}
