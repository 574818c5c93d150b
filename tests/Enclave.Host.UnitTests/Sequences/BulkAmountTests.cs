using System.Text.Json;
using Enclave.Protocol;
using Enclave.Tools;
using Enclave.Tools.Sequences;

namespace Enclave.Host.Tests.Sequences;

/// <summary>The amount that an argument asks for. An unreadable one counts as everything.</summary>
public sealed class BulkAmountTests
{
    private const long All = BulkAmount.Everything;

    [Theory]
    [InlineData("5", 5)]
    [InlineData("4.2", 5)]
    [InlineData("0", 0)]
    [InlineData("null", 0)]
    [InlineData("-1", All)]
    [InlineData("1e300", All)]
    [InlineData("true", All)]
    [InlineData("false", All)]
    [InlineData("\"7\"", 7)]
    [InlineData("\" 7 \"", 7)]
    [InlineData("\"9e3\"", 9000)]
    [InlineData("\"all\"", All)]
    [InlineData("\"\"", All)]
    [InlineData("\"0x270f\"", All)]
    [InlineData("\"0b11\"", All)]
    [InlineData("\"1_000\"", All)]
    [InlineData("\"1,000\"", All)]
    [InlineData("\"10 rows\"", All)]
    [InlineData("\"NaN\"", All)]
    [InlineData("\"Infinity\"", All)]
    [InlineData("\"∞\"", All)]
    [InlineData("\"٩٩\"", All)]
    [InlineData("[9999]", 9999)]
    [InlineData("[\"9999\"]", 9999)]
    [InlineData("[\"0x270f\"]", All)]
    [InlineData("[\"\"]", All)]
    [InlineData("[true]", All)]
    [InlineData("[[9999]]", All)]
    [InlineData("[{}]", All)]
    [InlineData("[\"u-17\"]", 1)]
    [InlineData("[]", 0)]
    [InlineData("[1, 2, 3]", 3)]
    [InlineData("{}", All)]
    [InlineData("{ \"max\": 9999 }", All)]
    public void An_argument_of_no_declared_type_is_read_as_the_most_that_it_may_mean(string value, long amount) =>
        Assert.Equal(amount, Amount(value, BulkShape.Open));

    [Theory]
    [InlineData("[9999]", 1)]
    [InlineData("[[9999], [1]]", 2)]
    [InlineData("{ \"a\": 1, \"b\": 2 }", 2)]
    [InlineData("3", 3)]
    [InlineData("\"all\"", All)]
    public void A_list_that_the_tool_declares_is_as_much_as_it_has_items(string value, long amount) => Assert.Equal(amount, Amount(value, BulkShape.List));

    [Theory]
    [InlineData("[5]", All)]
    [InlineData("[]", All)]
    [InlineData("{}", All)]
    [InlineData("5", 5)]
    [InlineData("\"5\"", 5)]
    public void A_value_that_is_no_number_where_the_tool_declares_one_is_everything(string value, long amount) =>
        Assert.Equal(amount, Amount(value, BulkShape.Number));

    [Fact]
    public void A_missing_member_asks_for_nothing()
    {
        Assert.Equal(0, BulkAmount.At(ScriptValue.From(new Dictionary<string, object?>()), "limit", BulkShape.Open));
        Assert.Equal(0, BulkAmount.At(ScriptValue.Undefined, "limit", BulkShape.Open));
    }

    [Fact]
    public void Any_case_and_every_item_of_a_list_on_the_way_counts()
    {
        Assert.Equal(12, BulkAmount.At(Json("""{ "LIMIT": 5, "limit": 7 }"""), "limit", BulkShape.Open));
        Assert.Equal(5, BulkAmount.At(Json("""{ "page": [ { "ids": ["a", "b"] }, { "IDS": ["c", "d", "e"] } ] }"""), "page.ids", BulkShape.Open));
        Assert.Equal(All, BulkAmount.At(Json("""{ "limit": "all", "Limit": 1 }"""), "limit", BulkShape.Open));
    }

    [Theory]
    [InlineData("""{ "properties": { "limit": { "type": "integer" } } }""", "limit", "Number")]
    [InlineData("""{ "properties": { "Limit": { "type": ["number", "null"] } } }""", "limit", "Number")]
    [InlineData("""{ "properties": { "limit": { "type": ["string", "integer"] } } }""", "limit", "Open")]
    [InlineData("""{ "properties": { "limit": { "type": ["array", "null"] } } }""", "limit", "List")]
    [InlineData("""{ "properties": { "limit": {} } }""", "limit", "Open")]
    [InlineData("""{ }""", "limit", "Open")]
    [InlineData("""{ "properties": { "page": { "type": "array", "items": { "properties": { "ids": { "type": "array" } } } } } }""", "page.ids", "List")]
    [InlineData(
        """{ "$defs": { "p": { "properties": { "ids": { "type": "array" } } } }, "properties": { "page": { "$ref": "#/$defs/p" } } }""", "page.ids", "List")]
    [InlineData("""{ "$defs": { "p": { "$ref": "#/$defs/p" } }, "properties": { "page": { "$ref": "#/$defs/p" } } }""", "page.ids", "Open")]
    [InlineData("""{ "properties": { "page": { "$ref": "https://elsewhere.example/" } } }""", "page", "Open")]
    [InlineData("""{ "items": { "$ref": "#" } }""", "page", "Open")]
    public void The_tools_schema_says_what_an_argument_is(string schema, string path, string shape) =>
        Assert.Equal(shape, BulkShapes.At(System.Text.Json.Nodes.JsonNode.Parse(schema)!, path).ToString());

    private static long Amount(string value, BulkShape shape) => BulkAmount.At(Json($"{{ \"limit\": {value} }}"), "limit", shape);

    private static ScriptValue Json(string text) => ScriptValue.From(JsonDocument.Parse(text).RootElement);
}
