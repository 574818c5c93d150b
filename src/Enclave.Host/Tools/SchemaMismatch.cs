using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Guard.Rules;
using Enclave.Protocol;
using Enclave.Protocol.Values;

namespace Enclave.Tools;

/// <summary>Finds the first place where arguments differ from their schema, for the message of a refusal. The binding is decided elsewhere.</summary>
internal sealed class SchemaMismatch
{
    private const int ShownChoices = 8;

    /// <summary>The most values to examine: nested choices would examine each again and again.</summary>
    private const int MaxLooks = 100_000;

    private readonly JsonNode _root;
    private readonly ValuePath _path = new();
    private int _looks;

    private SchemaMismatch(JsonNode root) => _root = root;

    /// <summary>The place and the expected form; null if the schema does not say.</summary>
    public static string? Find(JsonNode schema, ScriptValue value) => new SchemaMismatch(schema).MismatchIn(schema, value);

    // Recursion is as deep as the value: each step into the schema is a step into the value, except for references and choices, which are counted.
    private string? MismatchIn(JsonNode? node, ScriptValue value, int detours = 0)
    {
        if (value is { Kind: ScriptValueKind.Number } && !double.IsFinite(value.AsDouble())) return $"{_path} is {value}: JSON knows no such number";
        if (node is not JsonObject schema || detours > 8 || ++_looks > MaxLooks) return null;
        if (schema["$ref"] is { } reference) return MismatchIn(Resolve((string)reference!), value, detours + 1);
        if (schema["anyOf"] is JsonArray choices) return choices.Any((choice) => MismatchIn(choice, value, detours + 1) is null)
            ? null
            : $"{_path} is {Kind(value)}, which is none of the forms it may have";
        if (schema["enum"] is JsonArray members) return LookEnum(members, value);
        if (!IsOfType(schema["type"], value)) return $"{_path} is {Kind(value)}; expected {Expected(schema)}";
        return value.Kind switch
        {
            ScriptValueKind.Object => LookObject(schema, value),
            ScriptValueKind.Array => LookItems(schema["items"], value),
            _ => null,
        };
    }

    private string? LookEnum(JsonArray members, ScriptValue value)
    {
        // Nothing is copied for other values than scalars, because choices are scalars.
        JsonNode? scalar = value.Kind is ScriptValueKind.Array or ScriptValueKind.Object ? new JsonObject() : value.ToJsonNode();
        if (members.Any((member) => JsonNode.DeepEquals(member, scalar))) return null;

        string rest = members.Count > ShownChoices ? $" and {members.Count - ShownChoices} more" : "";
        return $"{_path} is {value}; expected " +
            $"one of {string.Join(", ", members.Take(ShownChoices).Select((member) => member?.ToJsonString() ?? "null"))}{rest}";
    }

    private string? LookObject(JsonObject schema, ScriptValue value)
    {
        var known = schema["properties"] as JsonObject;
        foreach (JsonNode? required in schema["required"] as JsonArray ?? [])
        {
            var name = (string)required!;
            if (value[name].Kind != ScriptValueKind.Undefined) continue;
            return $"{At(name)} is missing; expected {Expected(known?[name])}";
        }

        foreach ((string key, ScriptValue member) in value.Properties)
        {
            if (member.Kind == ScriptValueKind.Undefined) continue;
            if (known?.ContainsKey(key) == true)
            {
                if (Step(key, known[key], member) is { } inside) return inside;
            }
            else if (schema["additionalProperties"] is JsonObject any)
            {
                if (Step(key, any, member) is { } inside) return inside;
            }
            else if (schema["additionalProperties"] is JsonValue closed && closed.GetValueKind() == JsonValueKind.False)
            {
                string[] names = known is null ? [] : [.. known.Select((property) => property.Key)];
                string hint = NameHints.Nearest(key, names) is { } near
                    ? $"; did you mean {near}?"
                    : names.Length == 0 ? "" : $"; expected {string.Join(", ", names.Take(ShownChoices))}";
                return $"{At(key)} is not known{hint}";
            }
        }

        return null;
    }

    private string? LookItems(JsonNode? items, ScriptValue value)
    {
        for (int i = 0; i < value.Count; i++)
        {
            _path.Enter(i);
            string? inside = MismatchIn(items, value[i]);
            _path.Leave();
            if (inside is not null) return inside;
        }

        return null;
    }

    private string? Step(string key, JsonNode? schema, ScriptValue value)
    {
        _path.Enter(key);
        string? inside = MismatchIn(schema, value);
        _path.Leave();
        return inside;
    }

    private string At(string key)
    {
        _path.Enter(key);
        string text = _path.ToString();
        _path.Leave();
        return text;
    }

    /// <summary>A JSON pointer into the schema, as in <c>#/properties/next</c>.</summary>
    private JsonNode? Resolve(string reference)
    {
        JsonNode? node = _root;
        foreach (string step in reference.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            string name = step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            node = node is JsonArray array ? array[int.Parse(name, CultureInfo.InvariantCulture)] : (node as JsonObject)?[name];
        }

        return node;
    }

    private static bool IsOfType(JsonNode? type, ScriptValue value) => type switch
    {
        null => true,
        JsonArray several => several.Any((one) => IsOfType(one, value)),
        _ => (string?)type switch
        {
            "object" => value.Kind == ScriptValueKind.Object,
            "array" => value.Kind == ScriptValueKind.Array,
            "string" => value.Kind is ScriptValueKind.String or ScriptValueKind.Date or ScriptValueKind.Bytes,
            "boolean" => value.Kind == ScriptValueKind.Boolean,
            "null" => value.IsNullOrUndefined,
            "integer" => value.Kind == ScriptValueKind.BigInt || (value.Kind == ScriptValueKind.Number && double.IsInteger(value.AsDouble())),
            "number" => value.Kind is ScriptValueKind.Number or ScriptValueKind.BigInt,
            _ => true,
        },
    };

    private string Expected(JsonNode? node, int detours = 0)
    {
        if (node is not JsonObject schema || detours > 8) return "a value";
        if (schema["$ref"] is { } reference) return Expected(Resolve((string)reference!), detours + 1);
        if (schema["enum"] is JsonArray members)
            return $"one of {string.Join(", ", members.Take(ShownChoices).Select((member) => member?.ToJsonString() ?? "null"))}";
        string text = schema["type"] switch
        {
            null => "a value",
            JsonArray several => string.Join(" or ", several.Select((one) => Word((string?)one))),
            JsonNode one => Word((string?)one),
        };
        return schema["format"] is { } format ? $"{text} ({format})" : text;
    }

    private static string Word(string? type) => type switch
    {
        "object" or "array" or "integer" => $"an {type}",
        "null" or null => "null",
        _ => $"a {type}",
    };

    private static string Kind(ScriptValue value) => value.Kind switch
    {
        ScriptValueKind.Object or ScriptValueKind.Array => $"an {value.Kind.ToString().ToLowerInvariant()}",
        ScriptValueKind.Date or ScriptValueKind.Bytes => value.Kind.ToString().ToLowerInvariant(),
        _ => value.ToString(),
    };
}
