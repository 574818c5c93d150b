using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Host.Tests.OpenApi;
using Enclave.Schemas.Checks;
using Enclave.Tests;

namespace Enclave.Host.Tests.Schemas;

/// <summary>Every keyword that a schema of ours can have is held, or stands in a list of those that are not, in the code and in docs/tools.md.</summary>
public sealed class KeywordListTests
{
    // Every keyword of the drafts and of OpenAPI, with a value that each takes.
    private const string Everything = """
        { "type": "object", "title": "t", "description": "d", "default": 1, "examples": [1], "deprecated": true, "readOnly": false, "writeOnly": false,
          "format": "f", "$comment": "c", "contentEncoding": "base64", "contentMediaType": "text/plain", "enum": [{}], "const": {},
          "minimum": 1, "exclusiveMinimum": 1, "maximum": 2, "exclusiveMaximum": 2, "multipleOf": 1, "minLength": 1, "maxLength": 2, "pattern": "a",
          "prefixItems": [{}], "items": { "type": "string" }, "contains": { "type": "string" }, "minContains": 1, "maxContains": 2, "minItems": 1,
          "maxItems": 2, "uniqueItems": true, "properties": { "a": { "nullable": true, "type": "string" } }, "patternProperties": { "a": { "type": "string" } },
          "additionalProperties": false, "propertyNames": { "type": "string" }, "required": ["a"], "minProperties": 1, "maxProperties": 2,
          "dependentRequired": { "a": ["b"] }, "dependentSchemas": { "a": { "type": "object" } }, "dependencies": { "a": ["c"] },
          "allOf": [{ "type": "object" }, { "minProperties": 1 }], "anyOf": [{ "$ref": "#/$defs/d" }], "oneOf": [{ "type": "object" }],
          "not": { "type": "string" }, "if": { "type": "object" }, "then": { "type": "object" }, "else": { "type": "object" },
          "$defs": { "d": { "type": "object" } }, "discriminator": {}, "xml": {}, "externalDocs": {}, "example": 1,
          "unevaluatedItems": { "type": "string" }, "unevaluatedProperties": { "type": "string" },
          "x-own": { "minLength": 1 } }
        """;

    private static readonly string[] s_known = [.. SchemaKeywords.Held, .. SchemaKeywords.Annotations];

    [Fact]
    public async Task Converters_write_only_keywords_that_are_held_or_listed()
    {
        var tools = new ToolCollection().Add("given", Parse(Everything), (args, context, token) => default)
            .Add("typed", (Typed args, ToolContext context, CancellationToken token) => Task.FromResult(args))
            .Add("plain", ([Range(1, 2)] int a, [RegularExpression("a")] string b, [AllowedValues("x")] string c = "x", Typed? d = null) => a);
        using var bench = new ServiceBench();
        OpenApiService service = await bench.Load(ServiceBench.Operation($$"""
            "requestBody": { "content": { "application/json": { "schema": {{Everything}} } } }
            """, method: "post"));
        JsonNode[] schemas = [.. tools.Concat(service.Tools).Select((tool) => tool.ArgumentsSchema)];

        string[] written = [.. schemas.SelectMany(Keywords).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

        Assert.Equal([], written.Except(s_known, StringComparer.Ordinal));
        // What is held is written by at least one of them.
        Assert.Equal([], SchemaKeywords.Held.Except(written, StringComparer.Ordinal));
    }

    [Fact]
    public void Every_keyword_that_the_check_reads_is_held_by_it()
    {
        string[] parts = ["type", "enum", "const", "$ref", "properties", "required", "additionalProperties", "items"];
        Assert.Equal([], parts.Except(SchemaKeywords.Held, StringComparer.Ordinal));
        string[][] lists = [SchemaKeywords.Held, SchemaKeywords.Rewritten, SchemaKeywords.Annotations, SchemaKeywords.Unread, SchemaKeywords.Unheld];
        // A keyword stands in one list.
        Assert.Equal(lists.Sum((list) => list.Length), lists.SelectMany((list) => list).Distinct(StringComparer.Ordinal).Count());
        JsonObject read = JsonNode.Parse(Everything)!.AsObject();
        Assert.Equal([], read.Select((member) => member.Key).Where((key) => !key.StartsWith("x-", StringComparison.Ordinal))
            .Except(lists.SelectMany((list) => list), StringComparer.Ordinal));
    }

    [Fact]
    public void The_page_lists_the_same()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "tools.md"));
        foreach ((string row, string[] keywords) in (ReadOnlySpan<(string, string[])>)
            [
                ("held", SchemaKeywords.Held), ("read as another", SchemaKeywords.Rewritten), ("shown to models, not held", SchemaKeywords.Annotations),
                ("not read", SchemaKeywords.Unread), ("refused", SchemaKeywords.Unheld),
            ])
        {
            string list = string.Join(", ", keywords.Select((keyword) => $"`{keyword}`"));
            Assert.Contains($"| {row} | {list} |", page, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<string> Keywords(JsonNode? schema)
    {
        if (schema is not JsonObject node) yield break;
        foreach ((string keyword, JsonNode? value) in node)
        {
            yield return keyword;
            bool isMap = keyword is "properties" or "patternProperties" or "$defs" or "dependentSchemas";
            IEnumerable<JsonNode?> inside = keyword is "enum" or "const" or "default" or "required" or "dependentRequired" ? []
                : isMap ? value!.AsObject().Select((member) => member.Value) : value is JsonArray list ? list.AsEnumerable() : new JsonNode?[] { value };
            foreach (string found in inside.SelectMany(Keywords)) yield return found;
        }
    }

    private static JsonElement Parse(string json)
    {
        using JsonDocument read = JsonDocument.Parse(json);
        return read.RootElement.Clone();
    }

    internal sealed record Typed(
        [property: Description("d"), Range(1, 2)] int A, [property: StringLength(5)] string B, [property: EmailAddress] string? C, DayOfWeek D,
        DateTimeOffset E, TimeSpan F, char G, Dictionary<string, Typed>? H, List<int> I, object? J, Guid K, Uri? L, byte[]? M, decimal N);
}
