using System.Text.Json.Nodes;

namespace Enclave.Tools;

/// <summary>The schema of an argument with a bulk limit.</summary>
internal enum BulkShape
{
    /// <summary>The schema does not restrict the value: the tool may interpret it in any way.</summary>
    Open,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A list, or an object of members.</summary>
    List,
}

/// <summary>Finds the place of a path in a schema.</summary>
internal static class BulkShapes
{
    private const int MaxSteps = 200;

    public static BulkShape At(JsonNode schema, string path)
    {
        JsonNode? place = schema;
        foreach (string name in path.Split('.'))
        {
            place = Items(schema, place);
            place = (Followed(schema, place)?["properties"] as JsonObject)
                ?.FirstOrDefault((member) => member.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
        }

        string[] types = Types(Followed(schema, place)?["type"]);
        if (types.Length == 0) return BulkShape.Open;
        if (Array.TrueForAll(types, (type) => type is "array" or "object" or "null")) return BulkShape.List;
        return Array.TrueForAll(types, (type) => type is "integer" or "number" or "null") ? BulkShape.Number : BulkShape.Open;
    }

    /// <summary>A path leads through lists: <c>page.ids</c> of a list of pages.</summary>
    private static JsonNode? Items(JsonNode schema, JsonNode? place)
    {
        for (int steps = 0; steps < MaxSteps; steps++)
        {
            JsonObject? list = Followed(schema, place);
            if (list?["items"] is not JsonObject items || list.ContainsKey("properties")) return place;
            place = items;
        }

        return null;
    }

    /// <summary>The target of a reference within the schema; null if it leads nowhere or in a circle.</summary>
    private static JsonObject? Followed(JsonNode schema, JsonNode? place)
    {
        for (int steps = 0; steps < MaxSteps; steps++)
        {
            if (place is not JsonObject at) return null;
            if (at["$ref"] is not JsonValue value || !value.TryGetValue(out string? reference)) return at;
            place = Resolve(schema, reference);
        }

        return null;
    }

    private static JsonNode? Resolve(JsonNode schema, string reference)
    {
        if (reference == "#") return schema;
        if (!reference.StartsWith("#/", StringComparison.Ordinal)) return null;
        JsonNode? place = schema;
        foreach (string step in reference[2..].Split('/').Select((step) => step.Replace("~1", "/", StringComparison.Ordinal)
            .Replace("~0", "~", StringComparison.Ordinal))) place = (place as JsonObject)?[step];
        return place;
    }

    private static string[] Types(JsonNode? type) => type switch
    {
        JsonArray several => [.. several.OfType<JsonValue>().Select((one) => one.TryGetValue(out string? name) ? name : "")],
        JsonValue one when one.TryGetValue(out string? name) => [name],
        _ => [],
    };
}
