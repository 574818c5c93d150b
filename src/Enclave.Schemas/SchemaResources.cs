using System.Text.Json;

namespace Enclave.Schemas;

/// <summary>The parts of a document that have addresses of their own: by <c>$id</c> and <c>$anchor</c> (JSON Schema Core, 8.2). Nothing is fetched.</summary>
internal sealed class SchemaResources
{
    /// <summary>The address of a document that has none.</summary>
    public const string Nowhere = "json-schema://document/";

    private static readonly string[] s_one =
    [
        "items", "additionalItems", "contains", "additionalProperties", "propertyNames", "not", "if", "then", "else", "unevaluatedItems",
        "unevaluatedProperties", "contentSchema",
    ];

    private static readonly string[] s_lists = ["allOf", "anyOf", "oneOf", "prefixItems", "items"];

    private static readonly string[] s_named = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies"];

    private readonly Dictionary<string, SchemaPlace> _places = new(StringComparer.Ordinal);
    private readonly bool _isModern;
    private int _parts;

    /// <param name="schemas">The schemas of the document.</param>
    /// <param name="isModern">As for <see cref="OpenApiDocument.IsModern"/>.</param>
    public SchemaResources(IEnumerable<JsonElement> schemas, bool isModern)
    {
        _isModern = isModern;
        foreach (JsonElement schema in schemas) Add(schema, Nowhere);
    }

    /// <summary>The address that references in a schema are relative to.</summary>
    /// <param name="outer">The address for the schema itself.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="isModern">As for <see cref="OpenApiDocument.IsModern"/>.</param>
    public static string BaseOf(string outer, JsonElement schema, bool isModern)
    {
        // Older drafts do not read what stands beside a reference.
        if (schema.Text("$id") is not { Length: > 0 } id || id[0] == '#' || (!isModern && schema.Text("$ref") is not null)) return outer;
        return Combine(outer, id.Split('#')[0]) ?? outer;
    }

    /// <summary>The whole address of a reference without its fragment; null if it is not an address.</summary>
    public static string? Combine(string outer, string reference)
    {
        if (reference.Length == 0) return outer;
        return reference.Length <= OpenApiLimits.AddressCharacters && Uri.TryCreate(outer, UriKind.Absolute, out Uri? from)
            && Uri.TryCreate(from, reference, out Uri? whole) ? whole.AbsoluteUri : null;
    }

    /// <summary>The part with this address, or with this anchor in the part of that address.</summary>
    public bool TryFind(string address, string anchor, out SchemaPlace place) =>
        _places.TryGetValue(anchor.Length == 0 ? address : $"{address}#{anchor}", out place);

    // The recursion is as deep as the document.
    private void Add(JsonElement schema, string outer)
    {
        // An address beyond the bound leads nowhere.
        if (schema.ValueKind != JsonValueKind.Object || _parts++ >= OpenApiLimits.ResourceParts || (!_isModern && schema.Text("$ref") is not null)) return;
        string own = BaseOf(outer, schema, _isModern);
        if (own != outer) _places.TryAdd(own, new SchemaPlace(schema, outer));
        foreach (string keyword in (ReadOnlySpan<string>)["$anchor", "$dynamicAnchor"])
        {
            if (schema.Text(keyword) is { Length: > 0 and <= OpenApiLimits.NameCharacters } anchor)
                _places.TryAdd($"{own}#{anchor}", new SchemaPlace(schema, outer));
        }

        // An anchor in the form of drafts 6 and 7.
        if (schema.Text("$id") is ['#', _, ..] old && old.Length <= OpenApiLimits.NameCharacters) _places.TryAdd($"{own}{old}", new SchemaPlace(schema, outer));
        foreach (string keyword in s_one) Add(schema.Member(keyword), own);
        foreach (string keyword in s_lists)
        {
            foreach (JsonElement one in schema.Member(keyword).Items()) Add(one, own);
        }

        foreach (string keyword in s_named)
        {
            foreach (JsonProperty one in schema.Member(keyword).Members()) Add(one.Value, own);
        }
    }
}
