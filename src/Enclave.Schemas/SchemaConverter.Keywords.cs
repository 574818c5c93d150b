using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Schemas.Checks;

namespace Enclave.Schemas;

/// <content>The keywords beside references.</content>
internal sealed partial class SchemaConverter
{
    private static readonly string[] s_types = ["string", "number", "integer", "boolean", "object", "array", "null"];

    private static readonly string[] s_counts = ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"];

    private static readonly (string Bound, string Exclusive)[] s_bounds = [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")];

    private JsonObject Plain(JsonElement schema)
    {
        var node = new JsonObject();
        Types(schema, node);
        if (schema.Text("format") is { Length: <= 50 } format) node["format"] = format;
        Pattern(schema, node);
        if (schema.TryGetProperty("const", out JsonElement only)) Only(only, node);
        if (Scalar(schema.Member("default")) is { } value) node["default"] = value;
        Choices(schema, node);
        Bounds(schema, node);
        foreach (string count in s_counts) Count(schema, node, count);
        Items(schema, node);
        Members(schema, node);
        Forms(schema, node);
        Conditions(schema, node);
        Rest(schema, node);
        Unsupported(schema);
        return node;
    }

    private void Types(JsonElement schema, JsonObject node)
    {
        JsonElement type = schema.Member("type");
        if (type.ValueKind == JsonValueKind.Undefined) return;
        string[] all = type.ValueKind == JsonValueKind.String ? [type.GetString()!] : [.. schema.Texts("type")];
        string[] known = [.. all.Intersect(s_types, StringComparer.Ordinal)];
        if (known.Length < all.Length || known.Length == 0) NotHeld($"{Shown(type.GetRawText())} is no type of JSON Schema");
        // If one of the types is unknown, any value may be meant.
        if (known.Length < all.Length || known.Length == 0) return;
        node["type"] = known.Length == 1 ? known[0] : new JsonArray([.. known.Select((name) => (JsonNode)name)]);
    }

    private void Pattern(JsonElement schema, JsonObject node)
    {
        if (!Has(schema, "pattern", JsonValueKind.String, out JsonElement given)) return;
        string pattern = given.GetString()!;
        if (pattern.Length > OpenApiLimits.NoteCharacters || !TrySpend(pattern.Length)) _isOpened = true;
        // Results are not checked.
        else if (use == SchemaUse.Response || IsReadable(pattern)) node["pattern"] = pattern;
    }

    /// <summary>False if a pattern cannot be held.</summary>
    private bool IsReadable(string pattern)
    {
        SchemaPattern? read = _patternSteps < OpenApiLimits.PatternSteps ? SchemaPattern.Of(pattern) : null;
        // A pattern that cannot be read counts as the largest one, because reading it may have taken as much work.
        _patternSteps += read?.Steps ?? SchemaCompiler.MaxPatternSteps;
        if (read is not null) return true;
        NotHeld($"its pattern {Shown(pattern)} is no regular expression of JavaScript that can be checked in bounded time");
        return false;
    }

    private void Only(JsonElement value, JsonObject node)
    {
        if (value.GetRawText().Length > OpenApiLimits.NoteCharacters || !TrySpend(value.GetRawText().Length)) _isOpened = true;
        else node["const"] = Value(value);
    }

    private void Choices(JsonElement schema, JsonObject node)
    {
        if (!Has(schema, "enum", JsonValueKind.Array, out JsonElement members)) return;
        if (members.GetArrayLength() == 0) NotHeld("its enum has no members");
        if (members.GetArrayLength() is 0 or > OpenApiLimits.Choices
            || members.EnumerateArray().Any((member) => member.GetRawText().Length > OpenApiLimits.NoteCharacters)
            || !TrySpend(members.EnumerateArray().Sum((member) => member.GetRawText().Length + OpenApiLimits.PartCharacters))) _isOpened = true;
        else node["enum"] = new JsonArray([.. members.EnumerateArray().Select(Value)]);
    }

    private void Bounds(JsonElement schema, JsonObject node)
    {
        foreach ((string bound, string exclusive) in s_bounds)
        {
            JsonElement beyond = schema.Member(exclusive);
            // 3.0 uses a boolean where 3.1 uses the number, as the drafts 4 and 6 do.
            if (Has(schema, bound, JsonValueKind.Number, out JsonElement at)) Bound(at, node, beyond.ValueKind == JsonValueKind.True ? exclusive : bound);
            if (beyond.ValueKind is JsonValueKind.True or JsonValueKind.False) continue;
            if (Has(schema, exclusive, JsonValueKind.Number, out beyond)) Bound(beyond, node, exclusive);
        }

        if (Has(schema, "multipleOf", JsonValueKind.Number, out JsonElement step)) Bound(step, node, "multipleOf");
    }

    private void Bound(JsonElement number, JsonObject node, string keyword)
    {
        var relation = keyword == "multipleOf" ? SchemaRelation.MultipleOf : SchemaRelation.AtLeast;
        if (SchemaBound.Of(relation, number.GetRawText()) is null) NotHeld($"its {keyword} is no number that can be compared with");
        else node[keyword] = Value(number);
    }

    private void Count(JsonElement schema, JsonObject node, string keyword)
    {
        if (!Has(schema, keyword, JsonValueKind.Number, out JsonElement number)) return;
        if (number.TryGetDouble(out double count) && count >= 0 && double.IsInteger(count)) node[keyword] = (int)Math.Min(count, int.MaxValue);
        else NotHeld($"its {keyword} is no count");
    }

    private void Items(JsonElement schema, JsonObject node)
    {
        JsonElement items = schema.Member("items"), rest = items;
        JsonElement first = schema.Member("prefixItems");
        // The form of prefixItems in older drafts.
        if (items.ValueKind == JsonValueKind.Array) (first, rest) = (items, schema.Member("additionalItems"));
        if (first.ValueKind == JsonValueKind.Array && Branches(first, "prefixItems") is { } places) node["prefixItems"] = places;
        else if (first.ValueKind == JsonValueKind.Array) rest = default;
        if (rest.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.True)) node["items"] = Convert(rest);
        // Keep the schema that accepts all items: the items count as evaluated for unevaluatedItems.
        else if (rest.ValueKind == JsonValueKind.True && document.HasRest) node["items"] = new JsonObject();
        if (Has(schema, "uniqueItems", JsonValueKind.True, out JsonElement unique) && unique.GetBoolean()) node["uniqueItems"] = true;
        if (!schema.TryGetProperty("contains", out JsonElement contained)) return;
        node["contains"] = Convert(contained);
        _contrary.Add(node);
        if (!document.IsModern) return;
        Count(schema, node, "minContains");
        Count(schema, node, "maxContains");
    }

    private void Members(JsonElement schema, JsonObject node)
    {
        JsonElement others = schema.Member("additionalProperties");
        if (others.ValueKind == JsonValueKind.False) node["additionalProperties"] = false;
        else if (others.ValueKind == JsonValueKind.Object) node["additionalProperties"] = Convert(others);
        else if (others.ValueKind == JsonValueKind.True && document.HasRest) node["additionalProperties"] = new JsonObject();
        else if (others.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.True)) NotHeld("its additionalProperties is no schema");
        bool isWhole = true;
        JsonObject? named = Has(schema, "patternProperties", JsonValueKind.Object, out JsonElement given)
            ? Places(given, IsReadable, ref isWhole) : null;
        JsonObject? members = Has(schema, "properties", JsonValueKind.Object, out given) ? Places(given, (_) => true, ref isWhole) : null;
        // A member without a place may be one whose place was left out, so it must be allowed.
        if (!isWhole) node.Remove("additionalProperties");
        if (named?.Count > 0) node["patternProperties"] = named;
        if (members is not null) node["properties"] = members;
        if (Has(schema, "required", JsonValueKind.Array, out given) && Required(given, schema) is { Count: > 0 } required) node["required"] = required;
        if (schema.TryGetProperty("propertyNames", out JsonElement names)) node["propertyNames"] = Convert(names);
        Dependencies(schema, node);
    }

    private JsonArray Required(JsonElement given, JsonElement schema)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonElement item in given.Items())
        {
            if (item.ValueKind != JsonValueKind.String) continue;
            string name = item.GetString()!;
            if (!TrySpend(name.Length))
            {
                _isOpened = true;
                return [];
            }

            names.Add(name);
        }

        if (document.IsOfService && names.Count > 0)
            names.ExceptWith(schema.Member("properties").Members().Where((member) => IsOfOtherSide(member.Value)).Select((member) => member.Name));
        return [.. names.Select((name) => (JsonNode)name)];
    }

    /// <summary>Places by name.</summary>
    private JsonObject Places(JsonElement given, Func<string, bool> isReadable, ref bool isWhole)
    {
        var places = new JsonObject();
        foreach (JsonProperty member in given.EnumerateObject())
        {
            string name = member.Name;
            // Spend first, so that a member that is not read has a cost too.
            if (!TrySpend(Math.Min(name.Length, OpenApiLimits.NameCharacters)))
            {
                (isWhole, _isOpened) = (false, true);
                break;
            }

            if (IsOfOtherSide(member.Value)) continue;
            if (name.Length <= OpenApiLimits.NameCharacters && isReadable(name)) places[name] = Convert(member.Value);
            else (isWhole, _isOpened) = (false, true);
        }

        return places;
    }

    // In a schema of the application, readOnly and writeOnly are annotations only.
    private bool IsOfOtherSide(JsonElement member) => document.IsOfService
        && document.TryFollow(member, out JsonElement schema) && schema.Is(use == SchemaUse.Request ? "readOnly" : "writeOnly");

    private void Dependencies(JsonElement schema, JsonObject node)
    {
        (var needed, var held) = (new JsonObject(), new JsonObject());
        foreach (string keyword in (ReadOnlySpan<string>)["dependentRequired", "dependentSchemas", "dependencies"])
        {
            foreach (JsonProperty one in schema.Member(keyword).Members())
            {
                if (!TrySpend(one.Name.Length)) _isOpened = true;
                else if (one.Value.ValueKind == JsonValueKind.Array) needed[one.Name] = Required(one.Value, default);
                else held[one.Name] = Convert(one.Value);
            }
        }

        if (needed.Count > 0) node["dependentRequired"] = needed;
        if (held.Count > 0) node["dependentSchemas"] = held;
    }

    private void Forms(JsonElement schema, JsonObject node)
    {
        if (Has(schema, "anyOf", JsonValueKind.Array, out JsonElement any) && Branches(any, "anyOf") is { } forms) node["anyOf"] = forms;
        if (!Has(schema, "oneOf", JsonValueKind.Array, out JsonElement one) || Branches(one, "oneOf") is not { } exactly) return;
        if (!document.IsOfService)
        {
            node["oneOf"] = exactly;
            _contrary.Add(node);
        }

        // Documents of services write forms that overlap, and services take what fits several.
        else if (!node.ContainsKey("anyOf")) node["anyOf"] = exactly;
        else node["allOf"] = new JsonArray(new JsonObject { ["anyOf"] = exactly });
    }

    private void Conditions(JsonElement schema, JsonObject node)
    {
        foreach (string keyword in (ReadOnlySpan<string>)["not", "if", "then", "else"])
        {
            if (!schema.TryGetProperty(keyword, out JsonElement given)) continue;
            if (keyword is "then" or "else" && !node.ContainsKey("if")) continue;
            node[keyword] = Convert(given);
            _contrary.Add(node);
        }
    }

    /// <summary>Schemas for the items and members that no other keyword has looked at (Core 11). Earlier drafts have none.</summary>
    private void Rest(JsonElement schema, JsonObject node)
    {
        foreach (string keyword in (ReadOnlySpan<string>)["unevaluatedItems", "unevaluatedProperties"])
        {
            if (!document.IsModern || !schema.TryGetProperty(keyword, out JsonElement given)) continue;
            node[keyword] = Convert(given);
            _contrary.Add(node);
        }
    }

    private void Unsupported(JsonElement schema)
    {
        foreach (string keyword in SchemaKeywords.Unheld)
        {
            JsonElement value = schema.Member(keyword);
            bool saysNothing = value.ValueKind is JsonValueKind.Undefined or JsonValueKind.True
                || (value.ValueKind == JsonValueKind.Object && !value.EnumerateObject().Any());
            if (!saysNothing && document.IsModern) NotHeld($"its keyword {keyword} cannot be checked");
        }
    }

    private JsonArray? Branches(JsonElement list, string keyword)
    {
        if (list.GetArrayLength() is > 0 and <= OpenApiLimits.Choices) return [.. list.EnumerateArray().Select((branch) => (JsonNode)Convert(branch))];
        if (list.GetArrayLength() == 0 && keyword != "prefixItems") NotHeld($"its {keyword} has no members");
        _isOpened |= list.GetArrayLength() > 0;
        return null;
    }

    private bool Has(JsonElement schema, string keyword, JsonValueKind kind, out JsonElement value)
    {
        value = schema.Member(keyword);
        if (value.ValueKind == JsonValueKind.Undefined) return false;
        if (value.ValueKind == kind || (kind == JsonValueKind.True && value.ValueKind == JsonValueKind.False)) return true;
        NotHeld($"its {keyword} is {Shown(value.GetRawText())}");
        return false;
    }

    private static JsonValue? Scalar(JsonElement value) =>
        value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False
            && value.GetRawText().Length <= OpenApiLimits.NoteCharacters ? (JsonValue?)Value(value) : null;
}
