using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Enclave.Models;

/// <summary>Writes the TypeScript types of one JSON schema. Referenced parts become named types.</summary>
/// <param name="root">The schema. References lead into it.</param>
/// <param name="name">The prefix of named types.</param>
/// <param name="direction">Says if scripts write the value or read it.</param>
/// <param name="scope">The names and limits of the text in which the types stand.</param>
internal sealed class TypeScriptTypes(JsonNode? root, string name, ValueDirection direction, TypeScriptScope scope)
{
    private const int MaxDepth = 200, InlineWidth = 100;

    /// <summary>The names of referenced parts, by their pointers.</summary>
    private readonly SortedDictionary<string, string> _names = new(StringComparer.Ordinal);
    private int _depth;

    /// <summary>The type of the whole schema.</summary>
    /// <param name="indent">The depth of its text.</param>
    public string Whole(int indent)
    {
        Collect(root);
        return At(root, "#", indent);
    }

    /// <summary>The declarations of named types. Complete after the whole type is written.</summary>
    public IEnumerable<string> Named() => _names.Select((entry) => $"type {entry.Value} = {Body(Find(entry.Key), entry.Key, 0)};");

    private void Collect(JsonNode? node)
    {
        if (node is JsonArray items)
        {
            foreach (JsonNode? item in items) Collect(item);
        }
        else if (node is JsonObject members)
        {
            if (members["$ref"] is JsonValue pointer && pointer.TryGetValue(out string? target))
            {
                if (!_names.ContainsKey(target)) _names.Add(target, scope.NewName(name));
            }

            foreach ((_, JsonNode? member) in members) Collect(member);
        }
    }

    private string At(JsonNode? schema, string pointer, int indent) => _names.TryGetValue(pointer, out string? known) ? known : Body(schema, pointer, indent);

    private string Body(JsonNode? schema, string pointer, int indent)
    {
        // Deeper or larger than real schemas: the rest accepts any value.
        if (_depth >= MaxDepth || schema is not JsonObject node || !scope.TakePart()) return "any";
        _depth++;
        try
        {
            if (node["$ref"] is JsonValue target)
                return _names.GetValueOrDefault((string)target!) is { } known && Find((string)target!) is not null ? known : "any";
            if (node.ContainsKey("const")) return Literal(node["const"]);
            if (node["enum"] is JsonArray values) return Union(values.Select(Literal));
            if (node["allOf"] is JsonArray all) return Intersection(node, all, pointer, indent);
            if (node["not"] is JsonObject { Count: 0 }) return "never";
            foreach (string key in (string[])["anyOf", "oneOf"])
            {
                if (node[key] is JsonArray branches) return Union(branches.Select((branch, i) => At(Merged(node, branch), $"{pointer}/{key}/{i}", indent)));
            }

            if (node["type"] is JsonArray types) return Union(types.Select((type) => Simple((string?)type, node, pointer, indent)));
            return Simple((string?)node["type"], node, pointer, indent);
        }
        finally
        {
            _depth--;
        }
    }

    /// <summary>The intersection of an <c>allOf</c>'s parts and the keywords beside it.</summary>
    private string Intersection(JsonObject node, JsonArray all, string pointer, int indent)
    {
        if (!Count(node)) return "any";
        var own = (JsonObject)node.DeepClone();
        own.Remove("allOf");
        string[] parts = [Body(own, pointer, indent), .. all.Select((part, i) => At(part, $"{pointer}/allOf/{i}", indent))];
        string[] telling = [.. parts.Where((part) => part != "any").Distinct(StringComparer.Ordinal)];
        return telling.Length switch
        {
            0 => "any",
            1 => telling[0],
            _ => $"({string.Join(" & ", telling.Select((part) => part.Contains('|', StringComparison.Ordinal) ? $"({part})" : part))})",
        };
    }

    private string Simple(string? type, JsonObject node, string pointer, int indent) => type switch
    {
        // A list of types can name one type many times.
        _ when !scope.TakePart() => "any",
        "string" => "string",
        "number" or "integer" => "number",
        "boolean" => "boolean",
        "null" => "null",
        "array" => Items(node, pointer, indent),
        "object" => Members(node, pointer, indent),
        null when node.ContainsKey("properties") || node.ContainsKey("additionalProperties") => Members(node, pointer, indent),
        _ => "any",
    };

    private string Items(JsonObject node, string pointer, int indent)
    {
        string item = node.ContainsKey("items") ? At(node["items"], $"{pointer}/items", indent) : "any";
        if (node["prefixItems"] is JsonArray first)
        {
            int least = node["minItems"] is JsonValue given && given.TryGetValue(out int count) ? count : 0;
            IEnumerable<string> places = first.Select((place, i) => $"{Bracketed(At(place, $"{pointer}/prefixItems/{i}", indent))}{(i < least ? "" : "?")}");
            bool isClosed = item == "never" || (node["maxItems"] is JsonValue limit && limit.TryGetValue(out int most) && most <= first.Count);
            return $"[{string.Join(", ", isClosed ? places : places.Append($"...{Bracketed(item)}[]"))}]";
        }

        return $"{Bracketed(item)}[]";
    }

    /// <summary>A type that something may follow.</summary>
    private static string Bracketed(string item) =>
        (item.Contains('|', StringComparison.Ordinal) && item[0] != '{') || item.Contains("} |", StringComparison.Ordinal) ? $"({item})" : item;

    private string Members(JsonObject node, string pointer, int indent)
    {
        var required = node["required"] is JsonArray names ? names.Select((member) => (string?)member).ToHashSet(StringComparer.Ordinal) : [];
        var lines = new List<string>();
        bool hasDocs = false;
        foreach ((string key, JsonNode? value) in node["properties"] as JsonObject ?? [])
        {
            if (SchemaNotes.Of(value) is { Length: > 0 } note)
            {
                lines.Add($"/** {TypeScriptText.Comment(note)} */");
                scope.TakeCharacters(lines[^1].Length);
                hasDocs = true;
            }

            // A tool's result has all its members. A script's arguments may omit those with a default.
            string mark = direction == ValueDirection.FromTool || required.Contains(key) ? "" : "?";
            string member = TypeScriptText.Member(key);
            scope.TakeCharacters(member.Length + mark.Length + 4);
            lines.Add($"{member}{mark}: {At(value, $"{pointer}/properties/{Escaped(key)}", indent + 1)};");
        }

        bool isClosed = node["additionalProperties"] is JsonValue closed && closed.GetValueKind() == JsonValueKind.False;
        string others =
            isClosed ? "never" : node["additionalProperties"] is JsonObject shape ? At(shape, $"{pointer}/additionalProperties", indent + 1) : "any";
        if (lines.Count == 0) return $"Record<string, {others}>";
        if (!isClosed) lines.Add("[key: string]: any;");
        string inline = $"{{ {string.Join(' ', lines).TrimEnd(';')} }}";
        if (!hasDocs && inline.Length <= InlineWidth && !inline.Contains('\n', StringComparison.Ordinal)) return inline;
        var text = new StringBuilder("{\n");
        foreach (string line in lines) text.Append(' ', 2 * (indent + 1)).Append(line).Append('\n');
        scope.TakeCharacters(2 * (indent + 1) * lines.Count);
        return text.Append(' ', 2 * indent).Append('}').ToString();
    }

    /// <summary>A branch with the members that all branches share.</summary>
    private JsonNode? Merged(JsonObject whole, JsonNode? branch)
    {
        if (branch is not JsonObject own || own.ContainsKey("$ref")) return branch;
        // Copies cost work and memory as reading does, and each branch gets one.
        if (!Count(own) || !Count(whole["properties"]) || !Count(whole["required"])) return null;
        var merged = (JsonObject)own.DeepClone();
        if (whole["type"] is { } type && !merged.ContainsKey("type")) merged["type"] = type.DeepClone();
        if (whole["properties"] is JsonObject shared)
        {
            var members = (JsonObject)shared.DeepClone();
            foreach ((string key, JsonNode? member) in merged["properties"] as JsonObject ?? []) members[key] = member?.DeepClone();
            merged["properties"] = members;
        }

        if (whole["required"] is JsonArray required)
            merged["required"] = new JsonArray([.. required.Concat(merged["required"] as JsonArray ?? []).Select((member) => member?.DeepClone())]);
        return merged;
    }

    /// <summary>Counts the parts that a copy has.</summary>
    /// <returns>False if that is too many.</returns>
    private bool Count(JsonNode? node) => scope.TakePart() && node switch
    {
        JsonObject members => members.All((member) => Count(member.Value)),
        JsonArray items => items.All(Count),
        _ => true,
    };

    private string Literal(JsonNode? value)
    {
        if (!scope.TakePart()) return "any";
        string text = Written(value);
        scope.TakeCharacters(text.Length + 3);
        return text;
    }

    private static string Written(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.String => TypeScriptText.Quoted((string)value!),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.ToJsonString(),
        _ => "any",
    };

    private static string Union(IEnumerable<string> types)
    {
        string[] all = [.. types.Distinct(StringComparer.Ordinal)];
        return all.Length == 0 ? "any" : all.Contains("any") ? "any" : string.Join(" | ", all);
    }

    /// <summary>The part of the schema that a pointer names; null if there is none.</summary>
    private JsonNode? Find(string pointer)
    {
        if (pointer == "#") return root;
        if (!pointer.StartsWith("#/", StringComparison.Ordinal)) return null;
        JsonNode? node = root;
        foreach (string part in pointer[2..].Split('/'))
        {
            string key = Uri.UnescapeDataString(part).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            node = node switch
            {
                JsonObject members => members[key],
                JsonArray items when int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int i) && i < items.Count => items[i],
                _ => null,
            };
        }

        return node;
    }

    private static string Escaped(string key) => key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
