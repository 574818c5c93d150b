using System.Text.Json;

namespace Enclave.Schemas;

/// <summary>Splits a schema with <c>allOf</c> into its parts, through references and nested <c>allOf</c>.</summary>
internal sealed class AllOfParts(OpenApiDocument document)
{
    /// <summary>Keywords that make a schema more than a description of another.</summary>
    private static readonly string[] s_shaping =
        ["type", "properties", "additionalProperties", "items", "enum", "const", "anyOf", "oneOf", "required", "format"];

    private readonly List<JsonElement> _parts = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private int _hops;

    /// <summary>The parts; a single one may be a reference. Null if they cannot form one object.</summary>
    public List<JsonElement>? Of(JsonElement schema)
    {
        if (Only(schema) is { } only) return [only];
        return TryAdd(schema) && _parts.TrueForAll(IsObject) ? _parts : null;
    }

    /// <summary>The only schema that this stands for: authors wrap a reference to describe it.</summary>
    private static JsonElement? Only(JsonElement schema) =>
        schema.Member("allOf") is var all && all.GetArrayLength() == 1 && !s_shaping.Any((word) => schema.Member(word).ValueKind != JsonValueKind.Undefined)
            && all[0].Member("allOf").ValueKind == JsonValueKind.Undefined ? all[0] : null;

    // As deep as the document, and as the number of counted references.
    private bool TryAdd(JsonElement schema)
    {
        if (_hops++ > OpenApiLimits.Hops) return false;
        if (schema.Text("$ref") is { } reference)
        {
            // A schema that contains itself adds nothing the second time.
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
        && (part.Text("type") == "object" || (part.Member("type").ValueKind == JsonValueKind.Undefined
        && (part.Member("properties").ValueKind == JsonValueKind.Object || part.Member("required").ValueKind == JsonValueKind.Array)));
}
