using System.Text.Json;

namespace Enclave.Schemas;

/// <summary>Takes a schema that is all of several apart, through references and further <c>allOf</c>.</summary>
internal sealed class AllOfParts(OpenApiDocument document)
{
    /// <summary>Keywords that make a schema more than a remark about another.</summary>
    private static readonly string[] s_shaping = ["type", "properties", "additionalProperties", "items", "enum", "const", "anyOf", "oneOf", "required", "format"];

    private readonly List<JsonElement> _parts = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private int _hops;

    /// <summary>The parts; one alone may be a reference. Null where they cannot be made one object.</summary>
    public List<JsonElement>? Of(JsonElement schema)
    {
        if (Only(schema) is { } only) return [only];
        return TryAdd(schema) && _parts.TrueForAll(IsObject) ? _parts : null;
    }

    /// <summary>The one schema that this stands for: people wrap a reference so as to describe it.</summary>
    private static JsonElement? Only(JsonElement schema) =>
        schema.Member("allOf") is var all && all.GetArrayLength() == 1 && !s_shaping.Any((word) => schema.Member(word).ValueKind != JsonValueKind.Undefined) && all[0].Member("allOf").ValueKind == JsonValueKind.Undefined ? all[0] : null;

    // As deep as the document, and as the references that are counted.
    private bool TryAdd(JsonElement schema)
    {
        if (_hops++ > OpenApiLimits.Hops) return false;
        if (schema.Text("$ref") is { } reference)
        {
            // What contains itself says nothing new the second time.
            if (!_seen.Add(reference)) return true;
            return document.TryResolve(reference, out JsonElement target) && TryAdd(target);
        }

        foreach (JsonElement part in schema.Member("allOf").Items())
        {
            if (!TryAdd(part)) return false;
        }

        if (s_shaping.Any((word) => schema.Member(word).ValueKind != JsonValueKind.Undefined)) _parts.Add(schema);
        return true;
    }

    private static bool IsObject(JsonElement part) =>
        part.Member("anyOf").ValueKind == JsonValueKind.Undefined && part.Member("oneOf").ValueKind == JsonValueKind.Undefined
        && (part.Text("type") == "object" || (part.Member("type").ValueKind == JsonValueKind.Undefined && (part.Member("properties").ValueKind == JsonValueKind.Object || part.Member("required").ValueKind == JsonValueKind.Array)));
}
