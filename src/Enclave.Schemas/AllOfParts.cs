using System.Text.Json;
using Enclave.Schemas.Checks;

namespace Enclave.Schemas;

/// <summary>Splits a schema with <c>allOf</c> into its parts, through references and nested <c>allOf</c>.</summary>
/// <param name="document">The schema's document.</param>
/// <param name="trySee">Counts a look at a part; false if there have been too many.</param>
internal sealed class AllOfParts(OpenApiDocument document, Func<JsonElement, bool> trySee)
{
    private static readonly HashSet<string> s_members = new(["type", "properties", "required"], StringComparer.Ordinal);
    private static readonly HashSet<string> s_held = new(
        [.. SchemaKeywords.Held, .. SchemaKeywords.Rewritten, .. SchemaKeywords.Unheld, "format", "$id"], StringComparer.Ordinal);

    private readonly List<JsonElement> _parts = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private int _hops;

    /// <summary>The parts, if they are objects whose schemas only describe their members; otherwise null.</summary>
    public List<JsonElement>? Of(JsonElement schema) => TryAdd(schema) && _parts.Count > 0 && _parts.TrueForAll(IsObject) ? _parts : null;

    /// <summary>The only schema that this stands for: authors wrap a reference to describe it.</summary>
    public static JsonElement? Only(JsonElement schema) =>
        schema.Member("allOf") is var all && all.GetArrayLength() == 1 && !Says(schema) && all[0].ValueKind == JsonValueKind.Object
            && all[0].Member("allOf").ValueKind == JsonValueKind.Undefined && all[0].Text("$id") is null ? all[0] : null;

    // The recursion is as deep as the document, plus the counted references.
    private bool TryAdd(JsonElement schema)
    {
        if (_hops++ > OpenApiLimits.Hops || !trySee(schema) || schema.ValueKind != JsonValueKind.Object) return false;
        if (schema.Text("$ref") is { } reference)
        {
            if (document.IsModern && schema.Members().Any((member) => member.Name != "$ref" && s_held.Contains(member.Name))) return false;
            // A schema that contains itself adds nothing the second time.
            if (!_seen.Add(reference)) return true;
            return document.TryResolve(reference, out JsonElement target) && TryAdd(target);
        }

        foreach (JsonElement part in schema.Member("allOf").Items())
        {
            if (!TryAdd(part)) return false;
        }

        if (Says(schema)) _parts.Add(schema);
        return true;
    }

    /// <summary>True if the schema has constraints of its own beside its <c>allOf</c>.</summary>
    private static bool Says(JsonElement schema) => schema.Members().Any((member) => member.Name is not ("allOf" or "definitions" or "nullable" or "$id")
        && s_held.Contains(member.Name));

    private static bool IsObject(JsonElement part) =>
        part.Members().All((member) => s_members.Contains(member.Name) || member.Name is "allOf" or "definitions" || !s_held.Contains(member.Name)
            || (member.Name == "additionalProperties" && member.Value.ValueKind == JsonValueKind.True)
            || (member.Name == "nullable" && member.Value.ValueKind == JsonValueKind.False))
        && (part.Text("type") == "object" || (part.Member("type").ValueKind == JsonValueKind.Undefined
        && (part.Member("properties").ValueKind == JsonValueKind.Object || part.Member("required").ValueKind == JsonValueKind.Array)));
}
