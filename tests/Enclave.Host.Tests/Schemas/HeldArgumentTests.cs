using System.Text;
using System.Text.Json;
using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests.Schemas;

/// <summary>Arguments that scripts shape so that their check ends before it has seen everything.</summary>
public sealed class HeldArgumentTests
{
    private const string Roles = """
        { "type": "object", "additionalProperties": false, "required": ["role"], "properties": {
          "bulk": { "type": "array", "items": { "anyOf": [FORMS] } }, "role": { "enum": ["reader", "writer"] } } }
        """;

    private const string NoRole = "$.role is \"admin\"; expected one of \"reader\", \"writer\"";

    [Fact]
    public async Task Bulk_before_a_member_does_not_open_its_choices()
    {
        string forms = string.Join(',', Enumerable.Range(2, 30).Select((i) => $$"""{ "enum": [{{i}}] }, { "enum": [{{-i}}] }"""));
        string schema = Roles.Replace("FORMS", $$"""{{forms}}, { "type": "integer" }""", StringComparison.Ordinal);

        Assert.Equal(NoRole, await Refusal(schema, "{ bulk: new Array(9000).fill(1), role: 'admin' }"));
    }

    [Fact]
    public async Task A_function_of_the_applications_types_is_held_to_its_choices_behind_bulk()
    {
        var tools = new ToolCollection().Add("act", (List<Role> bulk, Role role) => role.ToString());

        Assert.Equal("$.role is \"Admin\"; expected one of \"Reader\", \"Writer\"",
            await Refusal(tools, SecurityLevel.Permissive, "{ bulk: new Array(150000).fill('Reader'), role: 'Admin' }"));
    }

    [Fact]
    public async Task A_recursive_schema_with_two_ways_to_each_node_holds_a_member_behind_a_deep_value()
    {
        const string Twice = """
            { "type": "object", "properties": { "tree": { "$ref": "#/$defs/node" }, "role": { "enum": ["reader", "writer"] } },
              "$defs": { "node": { "anyOf": [
                { "properties": { "l": { "$ref": "#/$defs/node" }, "r": { "$ref": "#/$defs/node" }, "end": { "enum": [1] }, "z": { "enum": [2] } } },
                { "properties": { "l": { "$ref": "#/$defs/node" }, "r": { "$ref": "#/$defs/node" }, "end": { "enum": [1] }, "z": { "enum": [3] } } },
                { "properties": { "l": { "$ref": "#/$defs/node" }, "r": { "$ref": "#/$defs/node" }, "end": { "enum": [1] } } } ] } } }
            """;
        const string Tree = "(() => { let t = { end: 1 }; for (let i = 0; i < DEPTH; i++) t = { l: t, r: { end: 1 }, z: 1 }; return t })()";

        foreach (int depth in (int[])[4, 12, 16])
        {
            string tree = Tree.Replace("DEPTH", $"{depth}", StringComparison.Ordinal);
            Assert.Equal(NoRole, await Refusal(Twice, $"{{ tree: {tree}, role: 'admin' }}"));
            Assert.Equal("fits", await Refusal(Twice, $"{{ tree: {tree}, role: 'reader' }}"));
            // The wrong end of a tree is found at every depth.
            Assert.Equal("$.tree is an object, which is none of the forms it may have",
                await Refusal(Twice, $"{{ tree: {tree.Replace("{ end: 1 }; for", "{ end: 2 }; for", StringComparison.Ordinal)}, role: 'reader' }}"));
        }
    }

    [Fact]
    public async Task References_to_references_are_followed_to_their_end()
    {
        string chain = string.Join(',', Enumerable.Range(0, 20).Select((i) => $$""" "r{{i}}": { "anyOf": [{ "$ref": "#/$defs/r{{i + 1}}" }] } """));
        string schema = $$"""
            { "type": "object", "properties": { "role": { "$ref": "#/$defs/r0" } },
              "$defs": { {{chain}}, "r20": { "enum": ["reader", "writer"] } } }
            """;

        Assert.Equal("$.role is \"admin\", which is none of the forms it may have", await Refusal(schema, "{ role: 'admin' }"));
        Assert.Equal("fits", await Refusal(schema, "{ role: 'writer' }"));
    }

    [Theory]
    [InlineData("""{ "const": "reader" }""", "'reader'", "'admin'", "is \"admin\"; expected \"reader\"")]
    [InlineData("""{ "const": 1 }""", "1", "2", "is 2; expected 1")]
    [InlineData("""{ "const": null }""", "null", "0", "is 0; expected null")]
    [InlineData("""{ "minimum": 1, "maximum": 3 }""", "3", "4", "is 4; expected at most 3")]
    [InlineData("""{ "exclusiveMinimum": 1 }""", "1.5", "1", "is 1; expected more than 1")]
    [InlineData("""{ "multipleOf": 0.01 }""", "19.99", "0.075", "is 0.075; expected a multiple of 0.01")]
    [InlineData("""{ "type": "string", "maxLength": 2 }""", "'\\u{1F600}\\u{1F600}'", "'abc'", "is \"abc\"; expected at most 2 characters")]
    [InlineData("""{ "type": "string", "pattern": "^[a-z]+$" }""", "'abc'", "'abc\\n'", "is \"abc\\n\"; expected text like ^[a-z]+$")]
    [InlineData("""{ "type": "array", "minItems": 1 }""", "[1]", "[]", "has 0 items; expected at least 1")]
    [InlineData("""{ "type": "array", "uniqueItems": true }""", "[1, 2, { a: 1, b: 2 }]", "[{ a: 1, b: 2 }, { b: 2, a: 1 }]", "has equal items, at 0 and 1")]
    [InlineData("""{ "type": "object", "maxProperties": 1 }""", "{ a: 1 }", "{ a: 1, b: 2 }", "has 2 members; expected at most 1")]
    [InlineData("""{ "enum": [{ "a": 1 }, [2]] }""", "{ a: 1 }", "[3]", "is [3]; expected one of {\"a\":1}, [2]")]
    [InlineData("""{ "not": { "type": "string" } }""", "1", "'a'", "is \"a\", which is a form it must not have")]
    [InlineData("""{ "oneOf": [{ "type": "integer" }, { "minimum": 2 }] }""", "1", "3", "is 3, which fits 2 of the forms of which it must fit one")]
    [InlineData("""{ "allOf": [{ "type": "integer" }, { "minimum": 2 }] }""", "2", "1", "is 1; expected at least 2")]
    [InlineData("""{ "type": "object", "patternProperties": { "^n_": { "type": "integer" } }, "additionalProperties": false }""", "{ n_a: 1 }", "{ n_a: 'x' }",
        ".n_a is \"x\"; expected an integer")]
    [InlineData("""{ "items": false, "prefixItems": [{ "type": "integer" }] }""", "[1]", "[1, 2]", "[1] is 2, which must be left out")]
    [InlineData("""{ "if": { "required": ["a"] }, "then": { "required": ["b"] } }""", "{ c: 1 }", "{ a: 1 }", ".b is missing; expected a value")]
    [InlineData("""{ "dependentRequired": { "a": ["b"] } }""", "{ b: 1 }", "{ a: 1 }", ".b is missing beside a; expected a value")]
    [InlineData("""{ "propertyNames": { "maxLength": 2 } }""", "{ ab: 1 }", "{ abc: 1 }", ".abc is not a name that it may have")]
    [InlineData("""{ "contains": { "const": 7 } }""", "[1, 7]", "[1]", "has 0 items of the form of which it must have at least 1")]
    public async Task Every_constraint_that_a_model_is_shown_is_held(string schema, string good, string bad, string expected)
    {
        string whole = $$"""{ "type": "object", "properties": { "v": {{schema}} } }""";

        Assert.Equal("fits", await Refusal(whole, $"{{ v: {good} }}"));
        Assert.Equal($"$.v{(expected[0] is '.' or '[' ? "" : " ")}{expected}", await Refusal(whole, $"{{ v: {bad} }}"));
    }

    private static Task<string> Refusal(string schema, string arguments) => Refusal(
        new ToolCollection().Add("act", Parse(schema), (args, context, token) => default), SecurityLevel.Strict, arguments);

    private static async Task<string> Refusal(ToolCollection tools, SecurityLevel level, string arguments)
    {
        TestLauncher.NeedsLevel(level);
        await using var host = new EnclaveHost(new EnclaveOptions { SecurityLevel = level }.WithoutGuard());
        ExecutionResult result = await host.RunAsync(
            $"return await callTool('act', {arguments}).then(() => 'fits', (e) => e.message.split('fit: ')[1] || e.message)",
            new RunOptions { Tools = tools });
        Assert.True(result.Success, result.Error?.Message);
        return result.Value.AsString();
    }

    private static JsonElement Parse(string json) => JsonDocument.Parse(Encoding.UTF8.GetBytes(json)).RootElement.Clone();

    private enum Role
    {
        Reader,
        Writer,
    }
}
