using System.Text.Json;
using System.Text.Json.Nodes;

namespace Enclave.Host.Tests.OpenApi;

/// <summary>The conversion of a document's schemas.</summary>
public sealed class SchemaTests : IDisposable
{
    private readonly ServiceBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("""{ "type": "string", "nullable": true }""", """{"type":["string","null"]}""")]
    [InlineData("""{ "type": "string", "nullable": true, "enum": ["a"] }""", """{"type":["string","null"],"enum":["a",null]}""")]
    [InlineData("""{ "type": ["integer", "null"], "format": "int32" }""", """{"type":["integer","null"],"format":"int32"}""")]
    [InlineData("""{ "type": "number", "minimum": 1, "exclusiveMinimum": true, "maximum": 9 }""", """{"type":"number","exclusiveMinimum":1,"maximum":9}""")]
    [InlineData("""{ "type": "number", "exclusiveMinimum": 1, "exclusiveMaximum": 9 }""", """{"type":"number","exclusiveMinimum":1,"exclusiveMaximum":9}""")]
    [InlineData("""{ "type": "string", "minLength": 1, "maxLength": 5, "pattern": "^a", "default": "a", "example": "abc", "x-y": 1, "xml": {} }""",
        """{"type":"string","pattern":"^a","default":"a","minLength":1,"maxLength":5}""")]
    [InlineData("""{ "type": "array", "items": { "type": "boolean", "description": "One\n of  them." }, "maxItems": 3 }""",
        """{"type":"array","maxItems":3,"items":{"type":"boolean","description":"One of them."}}""")]
    [InlineData("""{ "type": "object", "additionalProperties": { "type": "integer" } }""", """{"type":"object","additionalProperties":{"type":"integer"}}""")]
    [InlineData("""{ "oneOf": [ { "type": "string" }, { "type": "number" } ], "discriminator": {} }""", """{"anyOf":[{"type":"string"},{"type":"number"}]}""")]
    [InlineData("""{ "allOf": [ { "type": "string", "enum": ["a"] } ], "nullable": true, "description": "Which." }""",
        """{"type":["string","null"],"enum":["a",null],"description":"Which."}""")]
    [InlineData(
        """{ "allOf": [ { "type": "object", "required": ["a", "zz"], "properties": { "a": { "type": "string" } } }""" +
        """, { "properties": { "b": { "type": "number" } }, "required": ["b"] } ] }""",
        """{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"number"}},"required":["a","b","zz"]}""")]
    [InlineData("""{ "allOf": [ { "type": "string" }, { "minLength": 2, "type": "string" } ] }""",
        """{"allOf":[{"type":"string"},{"type":"string","minLength":2}]}""")]
    [InlineData("""{ "allOf": [ { "type": "object", "properties": { "a": {} }, "additionalProperties": false }, { "type": "object", "required": ["a"] } ] }""",
        """{"allOf":[{"type":"object","additionalProperties":false,"properties":{"a":{}}},{"type":"object","required":["a"]}]}""")]
    [InlineData("""{ "type": "file", "enum": [ {} ], "required": "a", "properties": 7, "items": true, "minLength": "x" }""", """{"enum":[{}]}""")]
    [InlineData("true", "{}")]
    [InlineData("""{ "$ref": "#/components/schemas/None" }""", "{}")]
    [InlineData("""{ "$ref": "https://evil.example/schema.json" }""", "{}")]
    [InlineData("""{ "$ref": "../secret.json#/a" }""", "{}")]
    public async Task A_schema_is_one_dialect(string schema, string expected) => Assert.Equal(expected, (await Body(schema)).ToJsonString());

    [Fact]
    public async Task A_referenced_schema_stands_beside_it_once_and_may_refer_to_itself()
    {
        OpenApiService service = await _bench.Load(ServiceBench.Operation(
            """
            "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Node" } } } }
            """,
            method: "post",
            more: """
            "components": { "schemas": {
              "Node": { "type": "object", "required": ["name"], "properties": { "name": { "type": "string" }, "next": { "$ref": "#/components/schemas/Node" },
                "all": { "type": "array", "items": { "$ref": "#/components/schemas/Alias" } } } },
              "Alias": { "$ref": "#/components/schemas/Node" }
            } },
            """));

        JsonNode schema = service.Tools.Single().ArgumentsSchema;

        Assert.Equal("#/$defs/Node", (string?)schema["properties"]!["body"]!["$ref"]);
        Assert.Equal(["Node", "Alias"], ((JsonObject)schema["$defs"]!).Select((definition) => definition.Key));
        Assert.Equal("#/$defs/Node", (string?)schema["$defs"]!["Node"]!["properties"]!["next"]!["$ref"]);
        // The schema is enforced, also at depth.
        Assert.Equal("the arguments of s:op do not fit: $.body.next.name is missing; expected a string",
            (await _bench.Fail(service, """{ "body": { "name": "a", "next": {} } }""")).Message);
        Assert.Equal("""{"name":"a","next":{"name":"b"}}""", (await _bench.Ask(service, """{ "body": { "name": "a", "next": { "name": "b" } } }""")).Body);
    }

    [Theory]
    [InlineData("""{ "A": { "$ref": "#/components/schemas/B" }, "B": { "$ref": "#/components/schemas/A" } }""")]
    [InlineData("""{ "A": { "$ref": "#/components/schemas/A" } }""")]
    [InlineData("""{ "A": { "allOf": [ { "$ref": "#/components/schemas/A" } ] } }""")]
    [InlineData("""{ "A": { "allOf": [ { "$ref": "#/components/schemas/B" } ] }, "B": { "allOf": [ { "$ref": "#/components/schemas/A" }""" +
        """, { "$ref": "#/components/schemas/A" } ] } }""")]
    [InlineData("""{ "A": { "anyOf": [ { "$ref": "#/components/schemas/A" } ] } }""")]
    public async Task References_that_go_round_are_no_type(string schemas)
    {
        OpenApiService service = await _bench.Load(ServiceBench.Operation(
            """
            "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/A" } } } }
            """,
            method: "post",
            more: $$"""
            "components": { "schemas": {{schemas}} },
            """));

        Assert.Empty(service.Tools);
        Assert.Contains("its arguments cannot be held to their schema: it refers to itself without an end", Assert.Single(service.Skipped),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Members_that_only_one_side_writes_are_not_told_to_the_other()
    {
        const string Both = """{ "type": "object", "required": ["id", "password", "name"], "properties": { "id": { "type": "string", "readOnly": true }""" +
            """, "password": { "type": "string", "writeOnly": true }, "name": { "type": "string" } } }""";
        OpenApiService service = await _bench.Load(ServiceBench.Operation($$"""
            "requestBody": { "content": { "application/json": { "schema": {{Both}} } } }, "responses": { "200": { "description": "",
              "content": { "application/json": { "schema": {{Both}} } } } }
            """, method: "post"));

        Assert.Equal(["password", "name"], Names(service.Tools.Single().ArgumentsSchema["properties"]!["body"]!));
        Assert.Equal(["id", "name"], Names(service.Tools.Single().ResultSchema));

        static string[] Names(JsonNode schema) => [.. ((JsonArray)schema["required"]!).Select((name) => (string)name!)];
    }

    [Theory]
    [InlineData("""{ "200": { "description": "", "content": { "application/json": { "schema": { "type": "integer" } } } } }""", """{"type":"integer"}""")]
    [InlineData("""{ "404": { "description": "", "content": { "application/json": { "schema": { "type": "integer" } } } }""" +
        """, "201": { "description": "", "content": { "application/vnd.x+json; v=1": { "schema": { "type": "string" } } } } }""", """{"type":"string"}""")]
    [InlineData("""{ "200": { "description": "", "content": { "text/csv": {} } } }""", """{"type":"string"}""")]
    [InlineData("""{ "204": { "description": "" } }""", """{"type":"null"}""")]
    [InlineData("""{ "200": { "description": "" } }""", "{}")]
    [InlineData("""{ "200": { "$ref": "#/components/responses/None" } }""", "{}")]
    [InlineData("7", "{}")]
    public async Task The_first_good_answer_is_the_result(string responses, string expected)
    {
        OpenApiService service = await _bench.Load(ServiceBench.Operation($"\"responses\": {responses}"));

        Assert.Equal(expected, service.Tools.Single().ResultSchema.ToJsonString());
    }

    [Fact]
    public async Task Parameters_are_members_with_their_remarks()
    {
        OpenApiService service = await _bench.Load(ServiceBench.Document("""
            { "/pets/{id}": {
              "parameters": [ { "name": "id", "in": "path", "required": true, "description": "Which pet.", "schema": { "type": "integer" } },
                { "name": "view", "in": "query", "schema": { "type": "string" } } ],
              "get": { "operationId": "get", "parameters": [ { "$ref": "#/components/parameters/View" },
                { "name": "unused", "in": "path", "required": true } ] } } }
            """, """
            "components": { "parameters": { "View": { "name": "view", "in": "query", "required": true, "schema": { "enum": ["short", "long"] } } } },
            """));

        Assert.Equal(
            """{"type":"object","properties":{"id":{"type":"integer","description":"Which pet."},"view":{"enum":["short","long"]}}""" +
            ""","additionalProperties":false,"required":["id","view"]}""",
            service.Tools.Single().ArgumentsSchema.ToJsonString());
    }

    private async Task<JsonNode> Body(string schema)
    {
        using JsonDocument valid = JsonDocument.Parse(schema);
        OpenApiService service = await _bench.Load(ServiceBench.Operation($$"""
            "requestBody": { "content": { "application/json": { "schema": {{schema}} } } }
            """, method: "post"));
        return service.Tools.Single().ArgumentsSchema["properties"]!["body"]!;
    }
}
