using System.Text.Json.Nodes;

namespace Enclave.Host.Tests.Schemas;

/// <summary>Makes schemas of the keywords that two drafts share or write alike, and values that often nearly fit them. The same for the same seed.</summary>
internal sealed class SchemaGenerator(int seed)
{
    private static readonly string[] s_types = ["string", "number", "integer", "boolean", "object", "array", "null"];
    private static readonly string[] s_names = ["a", "b", "c", "ab", "n_1"];
    private static readonly string[] s_patterns = ["^a", "b$", "^[a-c]+$", "\\d", "^n_", "^\\p{L}+$", "(?=.*b)a", "\\bab\\b", "a{2,3}", "^(a|bc)*$"];
    private static readonly string[] s_texts = ["", "a", "ab", "abc", "b", "aab", "n_1", "\u00e9", "\U0001F600", "1", "bcbc", "x ab y"];
    private static readonly double[] s_numbers = [0, 1, 2, 3, -1, 1.5, 0.25, 10, 1e6, -2.5, 6];
    private static readonly double[] s_steps = [1, 2, 3, 0.5, 0.25];

    private readonly Random _random = new(seed);

    /// <summary>A schema. References lead to its definition.</summary>
    public JsonObject Schema()
    {
        JsonObject whole = Part(0);
        whole.Remove("$ref");
        // Its own parts lead into the value, so a reference in them ends.
        whole["definitions"] = new JsonObject
        {
            ["d"] = new JsonObject
            {
                ["properties"] = new JsonObject { ["a"] = Part(2), ["b"] = new JsonObject { ["$ref"] = "#/definitions/d" } },
                ["items"] = Part(3),
                ["maxProperties"] = _random.Next(1, 4),
            }
        };
        return whole;
    }

    /// <summary>A value, by the schema's own words for the most part.</summary>
    public JsonNode? Value(JsonNode? schema, int depth = 0)
    {
        if (schema is not JsonObject node || depth > 3 || Chance(25)) return Any(depth);
        if (node["const"] is { } only && Chance(70)) return only.DeepClone();
        if (node["enum"] is JsonArray { Count: > 0 } choices && Chance(70)) return choices[_random.Next(choices.Count)]?.DeepClone();
        foreach (string keyword in (string[])["allOf", "anyOf", "oneOf"])
        {
            if (node[keyword] is JsonArray { Count: > 0 } forms && Chance(40)) return Value(forms[_random.Next(forms.Count)], depth);
        }

        if (node["properties"] is JsonObject members && Chance(80))
        {
            var value = new JsonObject();
            foreach ((string name, JsonNode? member) in members)
            {
                if (Chance(70)) value[name] = Value(member, depth + 1);
            }

            if (Chance(30)) value[Of(s_names)] = Any(depth + 1);
            return value;
        }

        if (node["items"] is { } item && Chance(70)) return new JsonArray([.. Enumerable.Range(0, _random.Next(4)).Select((_) => Value(item, depth + 1))]);
        return node["type"] is JsonValue type && Chance(80) ? OfType((string)type!, depth) : Any(depth);
    }

    private JsonObject Part(int depth)
    {
        var node = new JsonObject();
        if (depth > 0 && Chance(8)) return new JsonObject { ["$ref"] = "#/definitions/d" };
        if (Chance(50)) node["type"] = Of(s_types);
        else if (Chance(20)) node["type"] = new JsonArray(Of(s_types[..3]), Of(s_types[3..]));
        for (int i = _random.Next(depth > 2 ? 2 : 4); i > 0; i--) Keyword(node, depth);
        return node;
    }

    private void Keyword(JsonObject node, int depth)
    {
        switch (_random.Next(depth > 2 ? 12 : 25))
        {
            case 0: node["const"] = Any(2); break;
            case 1: node["enum"] = new JsonArray([.. Enumerable.Range(0, _random.Next(1, 4)).Select((_) => Any(2))]); break;
            case 2: node["minimum"] = Of(s_numbers); break;
            case 3: node["exclusiveMaximum"] = Of(s_numbers); break;
            case 4: node["multipleOf"] = Of(s_steps); break;
            case 5: node["minLength"] = _random.Next(3); break;
            case 6: node["maxLength"] = _random.Next(4); break;
            case 7: node["pattern"] = Of(s_patterns); break;
            case 8: node["minItems"] = _random.Next(3); break;
            case 9: node["maxItems"] = _random.Next(4); break;
            case 10: node["uniqueItems"] = Chance(70); break;
            case 11: node["required"] = new JsonArray([.. s_names.Where((_) => Chance(30)).Select((name) => (JsonNode)name)]); break;
            case 12 or 13: node["properties"] = Members(depth); break;
            case 14: node["additionalProperties"] = Chance(50) ? JsonValue.Create(false) : Part(depth + 1); break;
            case 15: node["patternProperties"] = new JsonObject { [Of(s_patterns)] = Part(depth + 1) }; break;
            case 16: node["propertyNames"] = new JsonObject { ["maxLength"] = _random.Next(1, 3) }; break;
            case 17: node["items"] = Chance(10) ? JsonValue.Create(Chance(50)) : Part(depth + 1); break;
            case 18: node["contains"] = Part(depth + 1); break;
            case 19: node["allOf"] = Parts(depth); break;
            case 20: node["anyOf"] = Parts(depth); break;
            case 21: node["oneOf"] = Parts(depth); break;
            case 22: node["not"] = Part(depth + 1); break;
            case 23:
                node["if"] = Part(depth + 1);
                node["then"] = Part(depth + 1);
                if (Chance(50)) node["else"] = Part(depth + 1);
                break;
            default: node["minProperties"] = _random.Next(3); break;
        }
    }

    private JsonObject Members(int depth) =>
        new(s_names.Where((_) => Chance(50)).Select((name) => KeyValuePair.Create<string, JsonNode?>(name, Part(depth + 1))));

    private JsonArray Parts(int depth) => [.. Enumerable.Range(0, _random.Next(1, 4)).Select((_) => Part(depth + 1))];

    private JsonNode? Any(int depth) => OfType(s_types[_random.Next(depth > 2 ? 4 : 7)], depth);

    private JsonNode? OfType(string type, int depth) => type switch
    {
        "string" => Of(s_texts),
        "number" => Of(s_numbers),
        "integer" => _random.Next(-3, 12),
        "boolean" => Chance(50),
        "object" => new JsonObject(s_names.Where((_) => Chance(30)).Select((name) => KeyValuePair.Create(name, Any(depth + 1)))),
        "array" => new JsonArray([.. Enumerable.Range(0, _random.Next(4)).Select((_) => Any(depth + 1))]),
        _ => null,
    };

    private T Of<T>(T[] all) => all[_random.Next(all.Length)];

    private bool Chance(int percent) => _random.Next(100) < percent;
}
