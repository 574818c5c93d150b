using System.Globalization;
using System.Text.Json.Nodes;
using Enclave.Protocol;

namespace Enclave.Host.Tests.Tools.Calls;

/// <summary>Random schemas, and random arguments as a script writes them, with the value that they have when the script runs.</summary>
internal sealed class RandomCalls(Random random)
{
    private static readonly string[] s_names = ["a", "b", "id", "limit", "order-by", "name"];
    private static readonly string[] s_texts = ["x", "yes", "2026-01-01", "", "Age"];

    public JsonObject Schema(int depth = 0)
    {
        var schema = new JsonObject();
        switch (random.Next(depth > 3 ? 5 : 12))
        {
            case 0: schema["type"] = "string"; Maybe(() => schema["minLength"] = random.Next(3)); Maybe(() => schema["pattern"] = "^[a-z]*$"); break;
            case 1: schema["type"] = "integer"; Maybe(() => schema["maximum"] = random.Next(5)); break;
            case 2: schema["type"] = random.Next(2) == 0 ? "boolean" : "number"; break;
            case 3: schema["enum"] = new JsonArray("x", "yes", 1, null); break;
            case 4: schema["type"] = new JsonArray("string", "null"); break;
            case 5: schema["const"] = random.Next(3); break;
            case 6: schema["type"] = "array"; Maybe(() => schema["items"] = Schema(depth + 1)); Maybe(() => schema["maxItems"] = random.Next(3)); break;
            case 7: schema[random.Next(2) == 0 ? "anyOf" : "oneOf"] = new JsonArray(Schema(depth + 1), Schema(depth + 1)); break;
            case 8: schema["allOf"] = new JsonArray(Schema(depth + 1), Schema(depth + 1)); break;
            case 9: schema["not"] = Schema(depth + 1); break;
            default: return Object(depth);
        }

        return schema;
    }

    public JsonObject Object(int depth = 0)
    {
        var schema = new JsonObject { ["type"] = "object" };
        var members = new JsonObject();
        foreach (string name in s_names.Where((_) => random.Next(2) == 0)) members[name] = Schema(depth + 1);
        schema["properties"] = members;
        Maybe(() => schema["required"] = new JsonArray([.. s_names.Where((_) => random.Next(3) == 0).Select((name) => (JsonNode)name)]));
        Maybe(() => schema["additionalProperties"] = false);
        if (!schema.ContainsKey("additionalProperties")) Maybe(() => schema["additionalProperties"] = Schema(depth + 1));
        if (random.Next(6) == 0) schema["patternProperties"] = new JsonObject { ["^o"] = Schema(depth + 1) };
        if (random.Next(8) == 0) schema["minProperties"] = random.Next(4);
        if (random.Next(8) == 0) schema["propertyNames"] = new JsonObject { ["maxLength"] = 5 };
        if (random.Next(8) == 0) schema["dependentRequired"] = new JsonObject { ["a"] = new JsonArray("b") };
        if (random.Next(8) == 0)
            schema["anyOf"] = new JsonArray(new JsonObject { ["required"] = new JsonArray("a") }, new JsonObject { ["required"] = new JsonArray("id") });
        if (depth == 0)
        {
            schema["$defs"] = new JsonObject { ["part"] = Object(2) };
            if (random.Next(3) == 0) members["ref"] = new JsonObject { ["$ref"] = "#/$defs/part" };
        }

        return schema;
    }

    /// <summary>An object in the text of a script, and its value.</summary>
    public (string Text, ScriptValue Value) Arguments(int depth = 0)
    {
        List<string> parts = [];
        var members = new Dictionary<string, object?>(StringComparer.Ordinal);
        for (int i = random.Next(5); i > 0; i--)
        {
            string name = random.Next(8) == 0 ? "ref" : s_names[random.Next(s_names.Length)];
            if (random.Next(12) == 0)
            {
                // A value that the text does not show. `later` is assigned behind its declaration.
                parts.Add("...later");
                members["limit"] = ScriptValue.OfNumber(3);
                continue;
            }

            (string text, ScriptValue value) = Value(depth + 1);
            string key = name.Contains('-', StringComparison.Ordinal) || random.Next(4) == 0 ? $"'{name}'" : name;
            if (random.Next(10) == 0) key = $"[{key.Trim('\'').Length} > 0 ? '{name}' : '']";
            parts.Add($"{key}: {text}");
            if (value.Kind == ScriptValueKind.Undefined) members.Remove(name);
            else members[name] = value;
        }

        return ($"{{ {string.Join(", ", parts)} }}", ScriptValue.From(members));
    }

    private (string Text, ScriptValue Value) Value(int depth)
    {
        switch (random.Next(depth > 3 ? 8 : 11))
        {
            case 0: return ("null", ScriptValue.Null);
            case 1: return ("undefined", ScriptValue.Undefined);
            case 2: return random.Next(2) == 0 ? ("true", ScriptValue.True) : ("!1", ScriptValue.False);
            case 3: return Number(random.Next(-2, 6));
            case 4: return ("2.5", ScriptValue.OfNumber(2.5));
            case 5: return ("fixed", ScriptValue.OfNumber(7));
            case 6: return ("unknown.text", ScriptValue.OfString("x"));
            case 7:
                string text = s_texts[random.Next(s_texts.Length)];
                return (random.Next(3) == 0 ? $"`{text}${{''}}`" : $"'{text}'", ScriptValue.OfString(text));
            case 8:
                (string Text, ScriptValue Value)[] items = [.. Enumerable.Range(0, random.Next(4)).Select((_) => Value(depth + 1))
                    .Select((item) => item.Value.Kind == ScriptValueKind.Undefined ? ("1", ScriptValue.OfNumber(1)) : item)];
                return ($"[{string.Join(", ", items.Select((item) => item.Text))}]", ScriptValue.OfArray([.. items.Select((item) => item.Value)]));
            default: return Arguments(depth);
        }
    }

    private static (string Text, ScriptValue Value) Number(int number) => (number.ToString(CultureInfo.InvariantCulture), ScriptValue.OfNumber(number));

    private void Maybe(Action write)
    {
        if (random.Next(2) == 0) write();
    }
}
