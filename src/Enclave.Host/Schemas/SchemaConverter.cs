using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Protocol.Values;

namespace Enclave.Schemas;

/// <summary>
/// Converts a document's schemas to JSON schemas: one dialect for 3.0 and 3.1, only the keywords
/// that constrain values, and referenced parts in <c>$defs</c>.
/// </summary>
/// <remarks>One converter for one tool's arguments or result. It is bounded: beyond a number of parts or a depth, a place accepts any value.</remarks>
internal sealed class SchemaConverter(OpenApiDocument document, SchemaUse use)
{
    private const string Definitions = "$defs";

    private static readonly string[] s_types = ["string", "number", "integer", "boolean", "object", "array", "null"];
    private static readonly string[] s_counts = ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"];

    private readonly JsonObject _definitions = [];
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _alike = new(StringComparer.Ordinal);
    private readonly Queue<(string Name, JsonElement Schema)> _open = new();
    private int _spent;
    private int _depth;

    /// <summary>One place of the schema.</summary>
    public JsonObject Convert(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object || _depth >= OpenApiLimits.SchemaDepth || !TrySpend(0)) return [];
        _depth++;
        try
        {
            JsonObject node = schema.Text("$ref") is { } reference
                ? Referred(reference)
                : schema.Member("allOf").ValueKind == JsonValueKind.Array ? Merged(schema) : Plain(schema);
            if (LenientJson.OneLine(schema.Text("description"), OpenApiLimits.NoteCharacters) is { } note && TrySpend(note.Length)) node["description"] = note;
            return schema.Is("nullable") ? Nullable(node) : node;
        }
        finally
        {
            _depth--;
        }
    }

    /// <summary>The whole schema, with all parts that it refers to.</summary>
    public JsonObject Finish(JsonObject whole)
    {
        while (_open.TryDequeue(out (string Name, JsonElement Schema) next)) _definitions[next.Name] = Convert(next.Schema);
        if (_definitions.Count > 0) whole[Definitions] = _definitions;
        return whole;
    }

    private JsonObject Referred(string reference)
    {
        if (!document.TryResolve(reference, out JsonElement target) || !document.TryFollow(target, out target)) return [];
        // A reference to a reference means the last one. References that only refer to each other are no types.
        if (!_names.TryGetValue(reference, out string? name))
        {
            name = NameOf(reference);
            _names.Add(reference, name);
            _open.Enqueue((name, target));
        }

        return new JsonObject { ["$ref"] = $"#/{Definitions}/{name}" };
    }

    private string NameOf(string reference)
    {
        string last = reference[(reference.LastIndexOf('/') + 1)..];
        string letters = string.Concat(last.Take(60).Select((letter) => char.IsAsciiLetterOrDigit(letter) ? letter : '_'));
        int alike = _alike[letters] = _alike.GetValueOrDefault(letters) + 1;
        return alike == 1 ? letters : $"{letters}.{alike}";
    }

    private JsonObject Plain(JsonElement schema)
    {
        var node = new JsonObject();
        string[] types = Types(schema);
        if (types.Length == 1) node["type"] = types[0];
        else if (types.Length > 1) node["type"] = new JsonArray([.. types.Select((type) => (JsonNode)type)]);
        if (schema.Text("format") is { Length: <= 50 } format) node["format"] = format;
        if (schema.Text("pattern") is { Length: <= OpenApiLimits.NoteCharacters } pattern && TrySpend(pattern.Length)) node["pattern"] = pattern;
        if (Scalar(schema.Member("const")) is { } only) node["const"] = only;
        if (Scalar(schema.Member("default")) is { } value) node["default"] = value;
        Choices(schema, node);
        Bounds(schema, node);
        if (schema.Member("items") is { ValueKind: JsonValueKind.Object } items) node["items"] = Convert(items);
        Members(schema, node);
        JsonElement branches = schema.Member("anyOf").ValueKind == JsonValueKind.Array ? schema.Member("anyOf") : schema.Member("oneOf");
        if (branches.ValueKind == JsonValueKind.Array && branches.GetArrayLength() is > 0 and <= OpenApiLimits.Choices)
            node["anyOf"] = new JsonArray([.. branches.EnumerateArray().Select(Convert)]);
        return node;
    }

    private static string[] Types(JsonElement schema) =>
        schema.Text("type") is { } one ? s_types.Contains(one) ? [one] : [] : [.. schema.Texts("type").Intersect(s_types, StringComparer.Ordinal)];

    private void Choices(JsonElement schema, JsonObject node)
    {
        JsonElement members = schema.Member("enum");
        if (members.ValueKind != JsonValueKind.Array || members.GetArrayLength() is 0 or > OpenApiLimits.Choices) return;
        // Only scalars can be checked against a list of choices. With others, any value is accepted.
        if (members.EnumerateArray().Any((member) => member.ValueKind is JsonValueKind.Object or JsonValueKind.Array
            || member.GetRawText().Length > OpenApiLimits.NoteCharacters)) return;
        if (!TrySpend(members.EnumerateArray().Sum((member) => member.GetRawText().Length + OpenApiLimits.PartCharacters))) return;
        node["enum"] = new JsonArray([.. members.EnumerateArray().Select(Value)]);
    }

    private static void Bounds(JsonElement schema, JsonObject node)
    {
        foreach ((string bound, string exclusive) in (ReadOnlySpan<(string, string)>)[("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")])
        {
            JsonElement at = schema.Member(bound), beyond = schema.Member(exclusive);
            // 3.0 uses a boolean where 3.1 uses the number.
            if (at.ValueKind == JsonValueKind.Number) node[beyond.ValueKind == JsonValueKind.True ? exclusive : bound] = Value(at);
            if (beyond.ValueKind == JsonValueKind.Number) node[exclusive] = Value(beyond);
        }

        foreach (string count in s_counts)
        {
            if (schema.Member(count) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out int most)) node[count] = most;
        }
    }

    private void Members(JsonElement schema, JsonObject node)
    {
        JsonElement others = schema.Member("additionalProperties");
        if (others.ValueKind == JsonValueKind.False) node["additionalProperties"] = false;
        else if (others.ValueKind == JsonValueKind.Object) node["additionalProperties"] = Convert(others);
        if (schema.Member("properties").ValueKind != JsonValueKind.Object) return;
        var members = new JsonObject();
        foreach (JsonProperty member in schema.Member("properties").EnumerateObject())
        {
            if (member.Name.Length > OpenApiLimits.NameCharacters || IsOfOtherSide(member.Value)) continue;
            if (!TrySpend(member.Name.Length))
            {
                // Unknown members may still be given.
                node.Remove("additionalProperties");
                break;
            }

            members[member.Name] = Convert(member.Value);
        }

        node["properties"] = members;
        string[] required = [.. schema.Texts("required").Distinct(StringComparer.Ordinal).Where(members.ContainsKey)];
        if (required.Length > 0) node["required"] = new JsonArray([.. required.Select((name) => (JsonNode)name)]);
    }

    private bool IsOfOtherSide(JsonElement member) =>
        document.TryFollow(member, out JsonElement schema) && schema.Is(use == SchemaUse.Request ? "readOnly" : "writeOnly");

    /// <summary>Joins objects under <c>allOf</c> into one. Other combinations accept any value.</summary>
    private JsonObject Merged(JsonElement schema)
    {
        List<JsonElement>? parts = new AllOfParts(document).Of(schema);
        if (parts is null) return [];
        if (parts is [var only]) return only.Text("$ref") is { } reference ? Referred(reference) : Plain(only);
        var whole = new JsonObject { ["type"] = "object" };
        var members = new JsonObject();
        var required = new SortedSet<string>(StringComparer.Ordinal);
        foreach (JsonElement part in parts)
        {
            JsonObject node = Plain(part);
            foreach ((string name, JsonNode? member) in node["properties"] as JsonObject ?? []) members[name] = member?.DeepClone();
            required.UnionWith(part.Texts("required"));
        }

        required.RemoveWhere((name) => !members.ContainsKey(name));
        whole["properties"] = members;
        if (required.Count > 0) whole["required"] = new JsonArray([.. required.Select((name) => (JsonNode)name)]);
        return whole;
    }

    private static JsonObject Nullable(JsonObject node)
    {
        if (node["enum"] is JsonArray members && members.All((member) => member is not null)) members.Add((JsonNode?)null);
        switch (node["type"])
        {
            case JsonValue one:
                if ((string)one! != "null") node["type"] = new JsonArray((string)one!, "null");
                return node;
            case JsonArray: return node;
        }

        if (!node.ContainsKey("$ref") && !node.ContainsKey("anyOf")) return node;
        string? note = (string?)node["description"];
        node.Remove("description");
        var either = new JsonObject { ["anyOf"] = new JsonArray(node, new JsonObject { ["type"] = "null" }) };
        if (note is not null) either["description"] = note;
        return either;
    }

    private static JsonValue? Scalar(JsonElement value) =>
        value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False
            && value.GetRawText().Length <= OpenApiLimits.NoteCharacters ? (JsonValue?)Value(value) : null;

    /// <summary>Counts a part and its text against the limits. False if they are used up.</summary>
    private bool TrySpend(int characters)
    {
        int cost = 1 + (characters / OpenApiLimits.PartCharacters);
        if (_spent + cost > OpenApiLimits.SchemaParts) return false;
        _spent += cost;
        return true;
    }

    /// <summary>A copy that outlives the document.</summary>
    private static JsonNode? Value(JsonElement scalar) => scalar.ValueKind == JsonValueKind.Null ? null : JsonValue.Create(scalar.Clone());
}
