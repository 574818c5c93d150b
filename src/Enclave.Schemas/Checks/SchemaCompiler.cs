using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Protocol;

namespace Enclave.Schemas.Checks;

/// <summary>Makes the immutable form of a schema that arguments are checked against: references resolved, choices hashed, patterns built.</summary>
internal sealed class SchemaCompiler
{
    /// <summary>Steps of all patterns of a schema: a count in braces costs as many steps as it says.</summary>
    public const int MaxPatternSteps = 50_000;

    /// <summary>The most nested places that hold for the same value: references, choices and conditions.</summary>
    private const int MaxSameValue = 64;

    private const int ShownChoices = 8;

    private readonly JsonNode _root;
    private readonly SchemaHold _hold;
    private readonly Dictionary<JsonNode, SchemaNode> _nodes = new(ReferenceEqualityComparer.Instance);
    private readonly Queue<(JsonNode Json, SchemaNode Node)> _open = new();
    private readonly Dictionary<SchemaNode, int> _depths = new(ReferenceEqualityComparer.Instance);

    private int _patternSteps;
    private bool _hasRest;

    private SchemaCompiler(JsonNode root, SchemaHold hold) => (_root, _hold) = (root, hold);

    /// <exception cref="UnheldSchemaException">The schema cannot be held: a reference leads nowhere or in a circle, or a keyword has no meaning.</exception>
    public static SchemaNode Compile(JsonNode root, SchemaHold hold)
    {
        var compiler = new SchemaCompiler(root, hold);
        SchemaNode whole = compiler.Place(root);
        while (compiler._open.TryDequeue(out (JsonNode Json, SchemaNode Node) next)) compiler.Fill(next.Json, next.Node);
        compiler.CheckEnds();
        // Keywords for unevaluated parts ask each place again for what it has evaluated, so all answers are kept.
        if (compiler._hasRest) foreach (SchemaNode node in compiler._nodes.Values) node.IsShared = true;
        return whole;
    }

    /// <summary>The node of a place. A place that was asked for before is shared.</summary>
    private SchemaNode Place(JsonNode? json)
    {
        json ??= new JsonObject();
        if (_nodes.TryGetValue(json, out SchemaNode? known))
        {
            known.IsShared = true;
            return known;
        }

        _nodes[json] = known = new SchemaNode();
        _open.Enqueue((json, known));
        return known;
    }

    private void Fill(JsonNode json, SchemaNode node)
    {
        if (json is JsonValue simple)
        {
            node.IsNever = simple.GetValueKind() switch
            {
                JsonValueKind.True => false,
                JsonValueKind.False => true,
                _ => throw new UnheldSchemaException("a part of it is neither an object nor true or false"),
            };
            return;
        }

        if (json is not JsonObject schema) throw new UnheldSchemaException("a part of it is a list");
        // Imported schemas write "nothing fits" in this form.
        if (schema.Count == 1 && schema["not"] is JsonObject { Count: 0 })
        {
            node.IsNever = true;
            return;
        }

        FillSelf(schema, node);
        FillNumbers(schema, node);
        FillItems(schema, node);
        FillMembers(schema, node);
        JsonNode? reference = schema["$ref"];
        node.All = [.. reference is null ? [] : (SchemaNode[])[Place(Target((string)reference!))], .. Places(schema["allOf"])];
        node.Any = Places(schema["anyOf"]);
        node.One = Places(schema["oneOf"]);
        node.Not = PlaceOf(schema, "not");
        node.If = PlaceOf(schema, "if");
        if (node.If is null) return;
        (node.Then, node.Else) = (PlaceOf(schema, "then"), PlaceOf(schema, "else"));
    }

    private void FillSelf(JsonObject schema, SchemaNode node)
    {
        if (schema["type"] is { } type)
        {
            string?[] names = type is JsonArray several ? [.. several.Select((one) => (string?)one)] : [(string?)type];
            node.Types = names.Aggregate(SchemaType.None,
                (all, name) => all | (SchemaTypes.Named(name) ?? throw new UnheldSchemaException($"there is no type {name}")));
            node.TypeText = string.Join(" or ", names.Select(Word));
        }

        node.Format = (string?)schema["format"];
        if (schema["enum"] is JsonArray choices)
        {
            node.Choices = new HashSet<ScriptValue>(choices.Select(Value), ValueEquality.Free);
            node.ChoiceText = string.Join(", ", choices.Take(ShownChoices).Select(Text))
                + (choices.Count > ShownChoices ? $" and {choices.Count - ShownChoices} more" : "");
        }

        if (schema.TryGetPropertyValue("const", out JsonNode? only)) (node.Only, node.OnlyText) = (Value(only), Text(only));
        if (_hold == SchemaHold.Whole && schema["pattern"] is { } pattern) node.Pattern = Pattern((string)pattern!);
    }

    private void FillNumbers(JsonObject schema, SchemaNode node)
    {
        // For a C# type these are checked after the binding, by the type and its annotations.
        if (_hold == SchemaHold.Shape) return;
        node.Bounds = [.. ((ReadOnlySpan<(string, SchemaRelation)>)
            [
                ("minimum", SchemaRelation.AtLeast), ("exclusiveMinimum", SchemaRelation.MoreThan), ("maximum", SchemaRelation.AtMost),
                ("exclusiveMaximum", SchemaRelation.LessThan), ("multipleOf", SchemaRelation.MultipleOf),
            ]).ToArray().Where((one) => schema.ContainsKey(one.Item1)).Select((one) => SchemaBound.Of(one.Item2, schema[one.Item1]!.ToJsonString())
                ?? throw new UnheldSchemaException($"its {one.Item1} is no number that can be compared with"))];
        node.Characters = Counts(schema, "minLength", "maxLength");
        node.ItemCount = Counts(schema, "minItems", "maxItems");
        node.MemberCount = Counts(schema, "minProperties", "maxProperties");
        node.HasUniqueItems = schema["uniqueItems"]?.GetValueKind() == JsonValueKind.True;
    }

    private void FillItems(JsonObject schema, SchemaNode node)
    {
        node.FirstItems = Places(schema["prefixItems"]);
        node.Items = PlaceOf(schema, "items");
        node.RestItems = PlaceOf(schema, "unevaluatedItems");
        _hasRest |= node.RestItems is not null;
        node.Contained = PlaceOf(schema, "contains");
        if (node.Contained is null) return;
        CountBound? counts = Counts(schema, "minContains", "maxContains");
        node.ContainedCount = new CountBound(counts?.Least ?? 1, counts?.Most);
    }

    private void FillMembers(JsonObject schema, SchemaNode node)
    {
        node.Required = Names(schema["required"]);
        if (schema["properties"] is JsonObject members)
            node.Members = members.ToDictionary((member) => member.Key, (member) => Place(member.Value), StringComparer.Ordinal);
        if (schema["patternProperties"] is JsonObject named)
            node.NamedMembers = [.. named.Select((member) => (Pattern(member.Key), Place(member.Value)))];
        node.OtherMembers = PlaceOf(schema, "additionalProperties");
        node.RestMembers = PlaceOf(schema, "unevaluatedProperties");
        _hasRest |= node.RestMembers is not null;
        node.Names = PlaceOf(schema, "propertyNames");
        if (schema["dependentRequired"] is JsonObject needed) node.NeededBeside = [.. needed.Select((one) => (one.Key, Names(one.Value)))];
        if (schema["dependentSchemas"] is JsonObject held) node.HeldBeside = [.. held.Select((one) => (one.Key, Place(one.Value)))];
    }

    /// <summary>
    /// Refuses circles of parts that hold for the same value, and long chains of them, so the depth of a check is bounded for each level of the value.
    /// </summary>
    private void CheckEnds()
    {
        foreach (SchemaNode node in _nodes.Values) Depth(node, 0);
    }

    private int Depth(SchemaNode node, int above)
    {
        if (above > MaxSameValue) throw new UnheldSchemaException($"it refers to itself without an end, or through more than {MaxSameValue} parts");
        if (_depths.TryGetValue(node, out int known)) return known;
        int depth = 0;
        foreach (SchemaNode next in node.SameValue()) depth = Math.Max(depth, 1 + Depth(next, above + 1));
        if (depth > MaxSameValue) throw new UnheldSchemaException($"more than {MaxSameValue} of its parts hold for the same value, one in the other");
        return _depths[node] = depth;
    }

    /// <summary>The target of a JSON pointer into the schema, as in <c>#/properties/next</c>.</summary>
    private JsonNode Target(string reference)
    {
        if (reference is "#" or "#/") return _root;
        JsonNode? node = reference.StartsWith("#/", StringComparison.Ordinal) ? _root : null;
        foreach (string step in reference.TrimStart('#').Split('/').Skip(1))
        {
            string name = Uri.UnescapeDataString(step).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            node = node switch
            {
                JsonObject members => members[name],
                JsonArray items when int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int at) && at < items.Count => items[at],
                _ => null,
            };
        }

        return node ?? throw new UnheldSchemaException($"its reference {reference} leads nowhere");
    }

    private SchemaNode[] Places(JsonNode? list) => list is JsonArray all ? [.. all.Select(Place)] : [];

    private SchemaNode? PlaceOf(JsonObject schema, string keyword) => schema[keyword] is { } place ? Place(place) : null;

    private static string[] Names(JsonNode? list) => list is JsonArray names ? [.. names.Select((name) => (string)name!)] : [];

    private SchemaPattern Pattern(string text)
    {
        SchemaPattern pattern = SchemaPattern.Of(text, MaxPatternSteps - _patternSteps)
            ?? throw new UnheldSchemaException($"the pattern {text} is no regular expression of JavaScript that can be checked in bounded time");
        _patternSteps += pattern.Steps;
        return pattern;
    }

    private static CountBound? Counts(JsonObject schema, string least, string most) =>
        schema.ContainsKey(least) || schema.ContainsKey(most) ? new CountBound((int?)schema[least], (int?)schema[most]) : null;

    private static ScriptValue Value(JsonNode? json) => ScriptValue.From(json);

    private static string Text(JsonNode? json) => json?.ToJsonString() ?? "null";

    private static string Word(string? type) => type switch
    {
        "object" or "array" or "integer" => $"an {type}",
        "null" or null => "null",
        _ => $"a {type}",
    };
}
