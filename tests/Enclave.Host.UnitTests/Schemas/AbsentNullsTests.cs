using System.Text.Json.Nodes;
using Enclave.JavaScript.Text;
using Enclave.Protocol;
using Enclave.Runs;
using Enclave.Schemas.Checks;

namespace Enclave.Host.Tests.Schemas;

/// <summary>Null in place of an argument that may be left out counts as one that is left out, where the schema has no null.</summary>
public sealed class AbsentNullsTests
{
    private const string Schema =
        """
        {
          "type": "object", "required": ["id"], "additionalProperties": false,
          "properties": {
            "id": { "type": "string" }, "limit": { "type": "integer" }, "note": { "type": ["string", "null"] }, "any": {},
            "state": { "enum": ["open", null] }, "kind": { "enum": ["a"] },
            "page": { "type": "object", "properties": { "size": { "type": "integer" } } },
            "lines": { "type": "array", "items": { "type": "object", "properties": { "sku": { "type": "string" } } } },
            "again": { "$ref": "#/properties/page" }
          }
        }
        """;

    [Theory]
    [InlineData("""{"id":"a","limit":null}""", """{"id":"a"}""")]
    [InlineData("""{"limit":null,"id":"a","kind":null}""", """{"id":"a"}""")]
    [InlineData("""{"id":"a","page":{"size":null},"lines":[{"sku":"x"},{"sku":null}]}""", """{"id":"a","page":{},"lines":[{"sku":"x"},{}]}""")]
    [InlineData("""{"id":"a","again":{"size":null}}""", """{"id":"a","again":{}}""")]
    [InlineData("""{"id":"a","note":null,"any":null,"state":null}""", """{"id":"a","note":null,"any":null,"state":null}""")]
    [InlineData("""{"id":null,"other":null}""", """{"id":null,"other":null}""")]
    [InlineData("""{"id":"a","lines":null}""", """{"id":"a"}""")]
    public void Nulls_that_the_schema_does_not_have_are_left_out(string given, string left)
    {
        ScriptValue value = ScriptValue.From(JsonNode.Parse(given));

        ScriptValue lesser = Without(value);

        Assert.Equal(left, lesser.ToJsonString());
        Assert.Equal(given == left, ReferenceEquals(value, lesser));
    }

    [Fact]
    public void The_work_is_bounded()
    {
        ScriptValue many = ScriptValue.From(new JsonObject
        {
            ["lines"] = new JsonArray([.. Enumerable.Range(0, 200_000).Select((_) => new JsonObject { ["sku"] = null })]),
        });
        var work = new ArgumentWork(TimeSpan.FromMicroseconds(100));

        Assert.Throws<WorkLimitException>(() => work.Do((meter) => AbsentNulls.Without(Compiled(), many, meter), CancellationToken.None));
    }

    private static SchemaNode Compiled() => SchemaCompiler.Compile(JsonNode.Parse(Schema)!, SchemaHold.Whole);

    private static ScriptValue Without(ScriptValue value) =>
        new ArgumentWork(TimeSpan.FromMinutes(1)).Do((meter) => AbsentNulls.Without(Compiled(), value, meter), CancellationToken.None);
}
