using System.Text.Json;
using System.Text.Json.Nodes;

namespace Enclave.Models;

/// <summary>Describes a JSON schema's constraints beyond the type, in words.</summary>
internal static class SchemaNotes
{
    public static string Of(JsonNode? schema)
    {
        if (schema is not JsonObject node) return "";
        string[] notes =
        [
            .. Has(node["type"], "integer") ? ["whole number"] : (string[])[],
            .. Range(node, "minimum", "maximum", ""),
            .. Range(node, "exclusiveMinimum", "exclusiveMaximum", " exclusive"),
            .. Range(node, "minLength", "maxLength", " characters"),
            .. Range(node, "minItems", "maxItems", " items"),
            .. Range(node, "minProperties", "maxProperties", " members"),
            .. node["format"] is { } format ? [$"format {format}"] : (string[])[],
            .. node["pattern"] is { } pattern ? [$"pattern {pattern}"] : (string[])[],
            .. node["default"] is { } value && value.GetValueKind() is not (JsonValueKind.Null or JsonValueKind.Object or JsonValueKind.Array)
            ? [$"default {value.ToJsonString()}"]
            : (string[])[],
        ];
        string description = (string?)node["description"] ?? "";
        // "whole number" alone is not worth a line.
        if (notes is [] or ["whole number"]) return description;
        string all = string.Join(", ", notes);
        return description.Length == 0 ? all : $"{description.TrimEnd('.')} ({all}).";
    }

    private static IEnumerable<string> Range(JsonObject node, string min, string max, string unit)
    {
        (JsonNode? least, JsonNode? most) = (node[min], node[max]);
        if (least is not null && most is not null) yield return $"{least} to {most}{unit}";
        else if (least is not null) yield return $"at least {least}{unit}";
        else if (most is not null) yield return $"at most {most}{unit}";
    }

    private static bool Has(JsonNode? type, string name) => type is JsonArray several ? several.Any((one) => (string?)one == name) : (string?)type == name;
}
