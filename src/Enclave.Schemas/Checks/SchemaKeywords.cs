namespace Enclave.Schemas.Checks;

/// <summary>The keywords of schemas, by their treatment. Keywords in no list have no meaning in JSON Schema, and are not read.</summary>
internal static class SchemaKeywords
{
    /// <summary>The keywords that arguments are checked against.</summary>
    public static string[] Held { get; } =
    [
        "type", "enum", "const", "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern", "items",
        "prefixItems", "contains", "minContains", "maxContains", "minItems", "maxItems", "uniqueItems", "properties", "patternProperties",
        "additionalProperties", "propertyNames", "required", "minProperties", "maxProperties", "dependentRequired", "dependentSchemas", "$ref", "allOf",
        "anyOf", "oneOf", "not", "if", "then", "else", "unevaluatedItems", "unevaluatedProperties",
    ];

    /// <summary>Older keywords, keywords of OpenAPI, and names of parts, which are rewritten as newer keywords.</summary>
    public static string[] Rewritten { get; } = ["additionalItems", "dependencies", "definitions", "nullable", "$id", "$anchor", "$dynamicAnchor"];

    /// <summary>Keywords that only describe. Models see them; values are not held to them.</summary>
    public static string[] Annotations { get; } = ["description", "default", "format", "$comment", "$defs"];

    /// <summary>Keywords that only describe. Models do not see them, and values are not held to them.</summary>
    public static string[] Unread { get; } =
    [
        "$schema", "$vocabulary", "$recursiveAnchor", "title", "examples", "example", "deprecated", "readOnly",
        "writeOnly", "contentEncoding", "contentMediaType", "contentSchema", "discriminator", "xml", "externalDocs",
    ];

    /// <summary>
    /// Keywords with constraints that cannot be held: a schema with them is refused at its registration. In documents of services they are not read.
    /// </summary>
    public static string[] Unheld { get; } = ["$dynamicRef", "$recursiveRef"];

    /// <summary>Schemas for the same value.</summary>
    public static string[] Combining { get; } = ["$ref", "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"];

    /// <summary>Keywords that accept less if a schema in them accepts more.</summary>
    public static string[] Contrary { get; } = ["oneOf", "not", "if", "then", "else", "maxContains", "unevaluatedItems", "unevaluatedProperties"];
}
