using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Enclave.Protocol;

namespace Enclave.Tools;

/// <summary>Generates JSON schemas for the types of arguments and results, with the settings that bind them and with their data annotations.</summary>
internal static class ToolSchema
{
    private static readonly JsonSchemaExporterOptions s_options = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Annotate };

    public static JsonNode Of(Type type)
    {
        // Any value: the exporter does not know types with their own converter.
        if (type == typeof(ScriptValue)) return new JsonObject();
        return ToolJson.ContractOf(type).GetJsonSchemaAsNode(s_options);
    }

    /// <summary>A hash that distinguishes the schemas of one tool: 96 bits.</summary>
    public static string HashOf(JsonNode arguments, JsonNode result) =>
        Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes($"{arguments.ToJsonString()}\n{result.ToJsonString()}")).AsSpan(0, 12));

    private static JsonNode Annotate(JsonSchemaExporterContext context, JsonNode node)
    {
        if (node is not JsonObject schema) return node;
        if (context.PropertyInfo is not { } property)
        {
            if (context.TypeInfo.Type.GetCustomAttributes(typeof(DescriptionAttribute), inherit: true) is [DescriptionAttribute whole, ..])
                schema["description"] = whole.Description;
            return schema;
        }

        foreach (Attribute attribute in Annotations.Of<Attribute>(property)) Annotate(schema, attribute);
        return schema;
    }

    /// <summary>Adds an attribute's constraint to the schema.</summary>
    public static void Annotate(JsonObject schema, Attribute attribute)
    {
        switch (attribute)
        {
            case DescriptionAttribute text: schema["description"] = text.Description; break;
            case RangeAttribute { Minimum: int or double } range:
                schema[range.MinimumIsExclusive ? "exclusiveMinimum" : "minimum"] = JsonValue.Create(
                    Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture));
                schema[range.MaximumIsExclusive ? "exclusiveMaximum" : "maximum"] = JsonValue.Create(
                    Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture));
                break;
            case StringLengthAttribute length: Length(schema, length.MinimumLength > 0 ? length.MinimumLength : null, length.MaximumLength); break;
            case LengthAttribute length: Length(schema, length.MinimumLength, length.MaximumLength); break;
            case MinLengthAttribute length: Length(schema, length.Length, null); break;
            case MaxLengthAttribute { Length: > 0 } length: Length(schema, null, length.Length); break;
            case RegularExpressionAttribute pattern: schema["pattern"] = $"^(?:{pattern.Pattern})$"; break;
            case EmailAddressAttribute: schema["format"] = "email"; break;
            case UrlAttribute: schema["format"] = "uri"; break;
            case AllowedValuesAttribute allowed:
                schema["enum"] = new JsonArray([.. allowed.Values.Select(Node)]);
                break;
        }
    }

    private static JsonNode? Node(object? value) => value is null ? null : JsonSerializer.SerializeToNode(value, ToolJson.ContractOf(value.GetType()));

    private static void Length(JsonObject schema, int? min, int? max)
    {
        string what = HasType(schema["type"], "array") ? "Items" : HasType(schema["type"], "object") ? "Properties" : "Length";
        if (min is { } atLeast) schema[$"min{what}"] = atLeast;
        if (max is { } atMost) schema[$"max{what}"] = atMost;
    }

    private static bool HasType(JsonNode? type, string name) => type is JsonArray several ? several.Any((one) => (string?)one == name) : (string?)type == name;
}
