using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Protocol.Values;
using Enclave.Schemas.Checks;

namespace Enclave.Schemas;

/// <summary>
/// Converts a document's schemas to JSON schemas: one dialect for all drafts and versions, only the keywords
/// that constrain values, and referenced parts in <c>$defs</c>.
/// </summary>
/// <remarks>
/// One converter for one tool's arguments or result. It is bounded: beyond a number of parts or a depth, a place accepts any value. Everything that it writes
/// is held, except for <see cref="SchemaKeywords.Annotations"/>.
/// </remarks>
internal sealed partial class SchemaConverter(OpenApiDocument document, SchemaUse use)
{
    private const string Definitions = "$defs";

    private readonly JsonObject _definitions = [];
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _alike = new(StringComparer.Ordinal);
    private readonly Queue<(string Name, SchemaPlace Place)> _open = new();

    // Places that accept less if a part of them accepts more.
    private readonly HashSet<JsonObject> _contrary = [];
    private int _spent, _patternSteps;
    private long _seen;
    private int _depth;
    private bool _isOpened;
    // The address that references are relative to.
    private string _base = SchemaResources.Nowhere;

    /// <summary>The reason why arguments are not held to all of the schema, to be put into a sentence; null if they are, within the bounds.</summary>
    public string? Unheld { get; private set; }

    /// <summary>One place of the schema.</summary>
    public JsonObject Convert(JsonElement schema)
    {
        if (schema.ValueKind == JsonValueKind.False) return Nothing();
        if (schema.ValueKind != JsonValueKind.Object)
        {
            if (schema.ValueKind is not (JsonValueKind.True or JsonValueKind.Undefined)) NotHeld("a part of it is neither an object nor true or false");
            return [];
        }

        if (_depth >= OpenApiLimits.SchemaDepth || !TrySpend(0) || !TrySee(schema)) return Opened();
        string outer = _base;
        _base = SchemaResources.BaseOf(outer, schema, document.IsModern);
        _depth++;
        try
        {
            JsonObject node = schema.Text("$ref") is { } reference ? Referred(schema, reference)
                : schema.Member("allOf").ValueKind == JsonValueKind.Array ? Joined(schema) : Plain(schema);
            if (LenientJson.OneLine(schema.Text("description"), OpenApiLimits.NoteCharacters) is { } note && TrySpend(note.Length)) node["description"] = note;
            return schema.Is("nullable") ? Nullable(node) : node;
        }
        finally
        {
            _base = outer;
            _depth--;
        }
    }

    /// <summary>The whole schema, with all parts that it refers to.</summary>
    public JsonObject Finish(JsonObject whole)
    {
        while (_open.TryDequeue(out (string Name, SchemaPlace Place) next))
        {
            _base = next.Place.Outer;
            _definitions[next.Name] = Convert(next.Place.Schema);
        }

        if (_definitions.Count > 0) whole[Definitions] = _definitions;
        if (_isOpened) Loosen();
        return use == SchemaUse.Response && !IsSound(whole) ? [] : whole;
    }

    private JsonObject Referred(JsonElement schema, string reference)
    {
        JsonObject node = Target(reference);
        if (!document.IsModern) return node;
        JsonObject beside = schema.Member("allOf").ValueKind == JsonValueKind.Array ? Joined(schema) : Plain(schema);
        // A part that has to be loosened has to be loosened in the copy too.
        if (_contrary.Contains(beside)) _contrary.Add(node);
        foreach ((string keyword, JsonNode? value) in beside)
        {
            // A joined schema may be a reference itself.
            if (keyword == "$ref") return new JsonObject { ["allOf"] = new JsonArray(node, new JsonObject { ["$ref"] = value?.DeepClone() }) };
            node[keyword] = value?.DeepClone();
        }

        return node;
    }

    private JsonObject Target(string reference)
    {
        if (!document.TryResolve(reference, _base, out SchemaPlace target))
        {
            NotHeld($"its reference {Shown(reference)} leads nowhere in it");
            return Opened();
        }

        // A reference to a reference stands for the last one. References in a circle stay, and the whole schema is refused.
        if (!document.IsModern && _base == document.Base && document.TryFollow(target.Schema, out JsonElement last)) target = target with { Schema = last };

        string key = _base == document.Base ? reference : $"{_base}\n{reference}";
        if (!_names.TryGetValue(key, out string? name))
        {
            name = NameOf(reference);
            _names.Add(key, name);
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

    /// <summary>
    /// Joins objects under <c>allOf</c> into one if nothing is lost. Otherwise all of them stay, together with the keywords beside <c>allOf</c>.
    /// </summary>
    private JsonObject Joined(JsonElement schema)
    {
        if (AllOfParts.Only(schema) is { } only) return only.Text("$ref") is { } reference ? Referred(only, reference) : Plain(only);
        if (_base == document.Base && new AllOfParts(document, TrySee).Of(schema) is { } objects && Merged(objects) is { } merged) return merged;
        JsonObject node = Plain(schema);
        JsonArray? all = Branches(schema.Member("allOf"), "allOf");
        if (all is null) return node;
        // A choice that is no choice stands there already.
        if (node["allOf"] is JsonArray own)
        {
            foreach (JsonNode? part in all) own.Add(part?.DeepClone());
        }
        else
        {
            node["allOf"] = all;
        }

        return node;
    }

    private JsonObject? Merged(List<JsonElement> parts)
    {
        var whole = new JsonObject();
        if (parts.Exists((part) => part.Text("type") == "object")) whole["type"] = "object";
        var members = new JsonObject();
        var required = new SortedSet<string>(StringComparer.Ordinal);
        foreach (JsonElement part in parts)
        {
            foreach (JsonProperty member in part.Member("properties").Members())
            {
                if (!members.TryAdd(member.Name, null)) return null;
            }
        }

        members.Clear();
        foreach (JsonElement part in parts)
        {
            JsonObject node = Plain(part);
            foreach ((string name, JsonNode? member) in node["properties"] as JsonObject ?? []) members[name] = member?.DeepClone();
            required.UnionWith((node["required"] as JsonArray ?? []).Select((name) => (string)name!));
        }

        whole["properties"] = members;
        if (required.Count > 0) whole["required"] = new JsonArray([.. required.Select((name) => (JsonNode)name)]);
        return whole;
    }

    private static JsonObject Nullable(JsonObject node)
    {
        bool isPlain = node.ContainsKey("type") && !SchemaKeywords.Combining.Any(node.ContainsKey) && !node.ContainsKey("const");
        if (isPlain)
        {
            if (node["enum"] is JsonArray members && members.All((member) => member is not null)) members.Add((JsonNode?)null);
            if (node["type"] is JsonValue one && (string)one! != "null") node["type"] = new JsonArray((string)one!, "null");
            else if (node["type"] is JsonArray several && several.All((type) => (string?)type != "null")) several.Add((JsonNode)"null");
            return node;
        }

        if (!SchemaKeywords.Held.Any(node.ContainsKey)) return node;
        string? note = (string?)node["description"];
        node.Remove("description");
        var either = new JsonObject { ["anyOf"] = new JsonArray(node, new JsonObject { ["type"] = "null" }) };
        if (note is not null) either["description"] = note;
        return either;
    }

    /// <summary>Where a part was replaced by one that accepts more, removes keywords that would then accept less.</summary>
    private void Loosen()
    {
        foreach (JsonObject node in _contrary)
        {
            foreach (string keyword in SchemaKeywords.Contrary) node.Remove(keyword);
        }
    }

    /// <summary>False if a result's schema refers to itself without an end, so that it has no type. Arguments with such a schema are refused.</summary>
    private static bool IsSound(JsonObject whole)
    {
        try
        {
            SchemaCompiler.Compile(whole, SchemaHold.Shape);
            return true;
        }
        catch (UnheldSchemaException)
        {
            return false;
        }
    }

    /// <summary>The schema that nothing fits.</summary>
    private static JsonObject Nothing() => new() { ["not"] = new JsonObject() };

    /// <summary>A place that accepts any value because it is beyond a bound, or cannot be read.</summary>
    private JsonObject Opened()
    {
        _isOpened = true;
        return [];
    }

    private void NotHeld(string why)
    {
        Unheld ??= why;
        _isOpened = true;
    }

    private static string Shown(string text) => LenientJson.OneLine(text, 100) ?? "";

    /// <summary>Counts a part and its text against the limits. False if they are used up.</summary>
    private bool TrySpend(int characters)
    {
        int cost = 1 + (characters / OpenApiLimits.PartCharacters);
        if (_spent + cost > OpenApiLimits.SchemaParts) return false;
        _spent += cost;
        return true;
    }

    /// <summary>Counts a look at a part. It takes time in proportion to the part's text, and references lead to the same text again.</summary>
    private bool TrySee(JsonElement part)
    {
        _seen += JsonMarshal.GetRawUtf8Value(part).Length;
        return _seen <= OpenApiLimits.SeenBytes;
    }

    /// <summary>A copy that outlives the document.</summary>
    private static JsonNode? Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Object or JsonValueKind.Array => JsonNode.Parse(value.GetRawText()),
        _ => JsonValue.Create(value.Clone()),
    };
}
