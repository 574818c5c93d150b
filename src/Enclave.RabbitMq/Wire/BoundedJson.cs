using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Enclave.RabbitMq.Wire;

/// <summary>Reads small JSON of other processes.</summary>
internal static class BoundedJson
{
    private const int MaxDepth = 4, MaxEntries = 512;

    public static bool TryParse(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out JsonDocument? document)
    {
        document = null;
        try
        {
            document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public static bool TryCount(JsonElement json, string name, int most, out int count)
    {
        count = 0;
        return json.TryGetProperty(name, out JsonElement value)
            && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out count) && count >= 0 && count <= most;
    }

    /// <summary>Reads an object of valid names with numbers from 0 up; null if it is not one.</summary>
    public static Dictionary<string, long>? Counts(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out JsonElement given) || given.ValueKind != JsonValueKind.Object) return null;
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (JsonProperty member in given.EnumerateObject())
        {
            if (counts.Count == MaxEntries || !UnguessableName.IsValid(member.Name)
                || member.Value.ValueKind != JsonValueKind.Number || !member.Value.TryGetInt64(out long count) || count < 0) return null;
            counts[member.Name] = count;
        }

        return counts;
    }
}
