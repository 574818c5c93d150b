using System.Text.Json.Nodes;
using Enclave.Models;
using Enclave.Tests;
using Enclave.Tools;

namespace Enclave.Host.Tests.Models;

/// <summary>JSON schemas as TypeScript types.</summary>
public sealed class TypeScriptTypesTests
{
    public static TheoryData<string, string> Schemas { get; } = new()
    {
        { "true", "any" },
        { "{}", "any" },
        { """{"type":"string"}""", "string" },
        { """{"type":["integer","null"]}""", "number | null" },
        { """{"type":"boolean"}""", "boolean" },
        { """{"enum":["a","it's",null,1,true]}""", "'a' | 'it\\'s' | null | 1 | true" },
        { """{"const":"x"}""", "'x'" },
        { """{"type":"array","items":{"type":"string"}}""", "string[]" },
        { """{"type":"array","items":{"type":["string","null"]}}""", "(string | null)[]" },
        { """{"type":["array","null"],"items":{"enum":["a","b"]}}""", "('a' | 'b')[] | null" },
        { """{"type":"array","items":{"type":["object","null"],"properties":{"a":{"type":"number"}},"required":["a"],"additionalProperties":false}}""",
            "({ a: number } | null)[]" },
        { """{"type":"array"}""", "any[]" },
        { """{"type":"object","additionalProperties":{"type":"number"}}""", "Record<string, number>" },
        { """{"type":"object"}""", "Record<string, any>" },
        { """{"type":"object","additionalProperties":false}""", "Record<string, never>" },
        { """{"type":"object","properties":{"a":{"type":"number"},"b-c":{"type":"string"}},"required":["a"],"additionalProperties":false}""",
            "{ a: number; 'b-c'?: string }" },
        { """{"type":"object","properties":{"a":{"type":"number"}}}""", "{ a?: number; [key: string]: any }" },
        { """{"anyOf":[{"type":"string"},{"type":"number"}]}""", "string | number" },
        { """{"$ref":"#/nowhere"}""", "any" },
        { """{"type":"unheard of"}""", "any" },
    };

    [Theory]
    [MemberData(nameof(Schemas))]
    public void A_schema_has_its_type(string schema, string expected) =>
        Assert.Equal(expected, new TypeScriptTypes(JsonNode.Parse(schema), "T", ValueDirection.FromScript, new TypeScriptScope()).Whole(0));

    [Fact]
    public void Descriptions_and_ranges_become_comments()
    {
        var schema = JsonNode.Parse("""{"type":"object","properties":{"a":{"type":"integer","description":"How many.","minimum":1,"maximum":5,"default":2}""" +
            ""","b":{"type":"string","maxLength":9,"format":"email"}},"additionalProperties":false}""");

        Assert.Equal(
            "{\n  /** How many (whole number, 1 to 5, default 2). */\n  a?: number;\n  /** at most 9 characters, format email */\n  b?: string;\n}",
            new TypeScriptTypes(schema, "T", ValueDirection.FromScript, new TypeScriptScope()).Whole(0));
    }

    [Fact]
    public void A_type_nested_beyond_reason_is_left_open()
    {
        JsonNode schema = new JsonObject { ["type"] = "string" };
        for (int i = 0; i < 1_000; i++) schema = new JsonObject { ["type"] = "array", ["items"] = schema };

        string type = new TypeScriptTypes(schema, "T", ValueDirection.FromTool, new TypeScriptScope()).Whole(0);

        Assert.StartsWith("any[][]", type, StringComparison.Ordinal);
    }
}
