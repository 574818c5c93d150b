using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Enclave.Broker.Json;
using Enclave.Streaming;
using Enclave.Streaming.Json;

namespace Enclave.Broker.Fleet;

/// <summary>
/// Reads and writes the reports of brokers and runtimes as JSON. A wrong member counts as
/// missing. A list that is too long makes the whole report invalid.
/// </summary>
internal static class FleetJson
{
    private const int MaxDepth = 4;

    private static readonly string[] s_states = ["ok", "stopping", "unavailable", "unreachable"];

    /// <summary>Writes a part as a message. If it would be too long, tenants are left out and counted.</summary>
    public static ReadOnlyMemory<byte> Write(FleetPart part)
    {
        while (true)
        {
            var output = new ArrayBufferWriter<byte>();
            using (var writer = new Utf8JsonWriter(output))
            {
                writer.WriteStartObject();
                part.WriteMembers(writer);
                writer.WriteEndObject();
            }

            if (output.WrittenCount <= FleetPart.MaxBytes || part is not BrokerPart { Tenants: { Count: > 0 } tenants } broker) return output.WrittenMemory;
            part = broker with { Tenants = [.. tenants.SkipLast(1)], OtherTenants = broker.OtherTenants + 1 };
        }
    }

    /// <summary>Reads one part. Returns false if the message is not such a part.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out FleetPart? part)
    {
        part = null;
        if (body.Length > FleetPart.MaxBytes || !UnicodeText.IsReadable(body.Span)) return false;
        try
        {
            using JsonDocument document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaxDepth });
            part = Read(document.RootElement);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a name in the JSON is not valid Unicode.
            return false;
        }

        return part is not null;
    }

    /// <exception cref="InvalidOperationException">A name is not valid Unicode.</exception>
    public static FleetPart? Read(JsonElement json)
    {
        if (Text(json, "id", FleetPart.MaxId) is not { Length: > 0 } id
            || Text(json, "name", FleetPart.MaxName) is not { } name || Text(json, "state", FleetPart.MaxName) is not { } said) return null;
        if (!s_states.Contains(said)) return null;
        string? version = Text(json, "version", FleetPart.MaxName);
        return Text(json, "kind", FleetPart.MaxName) switch
        {
            "broker" when BrokerPart.Read(json, id, name, said) is { } broker => broker with { Version = version },
            "runtime" when RuntimePart.Read(json, id, name, said) is { } runtime => runtime with { Version = version },
            _ => null,
        };
    }

    /// <summary>Reads a text of limited length; null if the member is not such a text.</summary>
    public static string? Text(JsonElement json, string name, int most) => json.Text(name) is { } text && text.Length <= most ? text : null;

    /// <summary>Reads a number from 0 up; 0 if the member is not such a number.</summary>
    public static long Number(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value)
            && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) && number >= 0 ? number : 0;

    /// <summary>Reads a current count. Limited to a million, so that sums do not overflow.</summary>
    public static int Count(JsonElement json, string name) => (int)Math.Min(Number(json, name), 1_000_000);

    internal static double? Milliseconds(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value)
            && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number is >= 0 and < 1e12 ? number : null;

    /// <summary>Reads a list; empty if missing, null if too long. Invalid items are left out.</summary>
    public static IReadOnlyList<T>? Items<T>(JsonElement json, string name, int most, Func<JsonElement, T?> read)
        where T : class
    {
        if (!json.TryGetProperty(name, out JsonElement list) || list.ValueKind != JsonValueKind.Array) return [];
        return list.GetArrayLength() > most ? null : [.. list.EnumerateArray().Select(read).OfType<T>()];
    }

    /// <summary>Reads counts by name, up to a number of names.</summary>
    public static IReadOnlyDictionary<string, long> Counts(JsonElement json, string name, int most, int longest)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out JsonElement given) || given.ValueKind != JsonValueKind.Object)
            return counts;
        foreach (JsonProperty member in given.EnumerateObject())
        {
            if (counts.Count == most) break;
            if (member.Name.Length <= longest && member.Value.ValueKind == JsonValueKind.Number
                && member.Value.TryGetInt64(out long count) && count is > 0 and < 1L << 53) counts[member.Name] = count;
        }

        return counts;
    }

    internal static void Write(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } number) writer.WriteNumber(name, Math.Round(number, 3));
        else writer.WriteNull(name);
    }

    internal static void Write(Utf8JsonWriter writer, string name, IEnumerable<KeyValuePair<string, long>> counts)
    {
        writer.WriteStartObject(name);
        foreach ((string key, long count) in counts.OrderBy((entry) => entry.Key, StringComparer.Ordinal)) writer.WriteNumber(key, count);
        writer.WriteEndObject();
    }
}
