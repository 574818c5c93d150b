using System.Text.Json.Nodes;
using Enclave.Models;
using Enclave.Tools;

namespace Enclave.Host.Tests.Models;

/// <summary>JSON schemas as TypeScript types.</summary>
public sealed class TypeScriptTypesTests
{
    [Theory]
    [MemberData(nameof(TypeScriptCases.Schemas), MemberType = typeof(TypeScriptCases))]
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
