using System.Text.Json;
using Enclave.JavaScript.Text;
using Enclave.Protocol;
using Enclave.Runs;
using Enclave.Schemas.Checks;
using Enclave.Tests;

namespace Enclave.Host.Tests.Schemas;

/// <summary>A check that reaches one of its limits refuses the call, and a schema that could not be held is refused where it is registered.</summary>
public sealed class SchemaLimitTests
{
    // A matcher that keeps the states that it meets took 1.5 GB for it.
    [Fact]
    public void A_pattern_takes_no_memory_for_the_texts_that_it_meets()
    {
        var random = new Random(3);
        string text = new([.. Enumerable.Range(0, 10_000).Select((_) => "ab"[random.Next(2)])]);
        HeldSchema.IsIn("(?:[ab]{1,9}a.{0,9}){9}[^ab]", "a");
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.False(HeldSchema.IsIn("(?:[ab]{1,9}a.{0,9}){9}[^ab]", text));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
    }

    [Fact]
    public void Patterns_of_a_schema_share_their_steps()
    {
        string members = string.Join(", ", Enumerable.Range(0, 10).Select((i) => $$"""
            "m{{i}}": { "pattern": "^.{0,9000}$" }
            """));

        var fault = Assert.Throws<ArgumentException>(
            () => new ToolCollection().Add("act", Parse($$"""{ "properties": { {{members}} } }"""), (args, context, token) => default));
        Assert.Contains("can be checked in bounded time", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_has_used_up_its_time_gets_no_more_checks()
    {
        SchemaNode schema = SchemaCompiler.Compile(System.Text.Json.Nodes.JsonNode.Parse("""{ "items": { "type": "integer" } }""")!, SchemaHold.Whole);
        ScriptValue many = ScriptValue.From(Enumerable.Range(0, 1_000_000).ToArray());
        var work = new ArgumentWork(TimeSpan.FromMicroseconds(100));

        Assert.Throws<WorkLimitException>(() => work.Do((meter) => SchemaCheck.FirstDifference(schema, many, meter), CancellationToken.None));
        Assert.Throws<WorkLimitException>(() => work.Do((meter) => SchemaCheck.FirstDifference(schema, ScriptValue.Null, meter), CancellationToken.None));
    }

    [Fact]
    public void A_run_that_has_ended_ends_its_checks()
    {
        SchemaNode schema = SchemaCompiler.Compile(System.Text.Json.Nodes.JsonNode.Parse("""{ "items": { "type": "integer" } }""")!, SchemaHold.Whole);
        using var ended = new CancellationTokenSource();
        ended.Cancel();

        Assert.Throws<OperationCanceledException>(() => new ArgumentWork(TimeSpan.FromMinutes(1)).Do(
            (meter) => SchemaCheck.FirstDifference(schema, ScriptValue.Null, meter), ended.Token));
    }

    [Theory]
    [InlineData("""{ "$ref": "#/$defs/a", "$defs": { "a": { "$ref": "#/$defs/b" }, "b": { "$ref": "#/$defs/a" } } }""", "refers to itself without an end")]
    [InlineData("""{ "anyOf": [{ "type": "string" }, { "$ref": "#" }] }""", "refers to itself without an end")]
    [InlineData("""{ "$ref": "#/$defs/none" }""", "its reference #/$defs/none leads nowhere in it")]
    [InlineData("""{ "$ref": "https://example.com/a.json" }""", "its reference https://example.com/a.json leads nowhere in it")]
    [InlineData("""{ "pattern": "(a)\\1" }""", "its pattern (a)\\1 is no regular expression")]
    [InlineData("""{ "pattern": "[" }""", "its pattern [ is no regular expression")]
    [InlineData("""{ "type": "text" }""", "\"text\" is no type of JSON Schema")]
    [InlineData("""{ "minLength": "2" }""", "its minLength is \"2\"")]
    [InlineData("""{ "enum": [] }""", "its enum has no members")]
    [InlineData("""{ "properties": { "a": { "$dynamicRef": "#x" } } }""", "its keyword $dynamicRef cannot be checked")]
    [InlineData("""{ "required": "a" }""", "its required is \"a\"")]
    public void A_schema_that_cannot_be_held_is_refused_where_it_is_registered(string schema, string why)
    {
        var fault = Assert.Throws<ArgumentException>(() => new ToolCollection().Add("act", Parse(schema), (args, context, token) => default));

        Assert.StartsWith("Tool act: its arguments cannot be held to their schema: ", fault.Message, StringComparison.Ordinal);
        Assert.Contains(why, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_that_many_references_lead_to_is_looked_for_once()
    {
        // Each walk to a place counts, and 1,000 are allowed. A list has 500 places at most.
        string list = $$"""{ "prefixItems": [ {{string.Join(',', Enumerable.Repeat("""{ "$ref": "#/$defs/a" }""", 400))}} ] }""";

        HeldSchema? held = HeldSchema.Of(
            Parse($$"""
                { "properties": { "x": {{list}}, "y": {{list}}, "z": {{list}}, "last": { "$ref": "#/$defs/b" } },
                  "$defs": { "a": {}, "b": { "type": "string" } } }
                """), out string why);

        Assert.True(held is not null, why);
        Assert.False(held.Fits(ScriptValue.From(new Dictionary<string, object?> { ["last"] = 1 })));
    }

    [Fact]
    public void A_place_by_its_address_is_found_beside_other_schemas_too()
    {
        // The parts of an allOf are looked at twice: first for one object that has the members of all.
        HeldSchema? held = HeldSchema.Of(
            Parse("""
                { "$defs": { "a": { "$id": "https://x.example/a", "$defs": { "b": { "type": "object", "properties": { "n": { "type": "string" } } } } } },
                  "properties": { "v": { "allOf": [
                    { "$ref": "https://x.example/a#/$defs/b" }, { "type": "object", "properties": { "m": { "type": "string" } } } ] } } }
                """), out string why);

        Assert.True(held is not null, why);
        Assert.False(held.Fits(ScriptValue.From(new Dictionary<string, object?> { ["v"] = new Dictionary<string, object?> { ["n"] = 1 } })));
    }

    [Theory]
    [InlineData("^\\d{2}$", "12", true)]
    [InlineData("^\\d{2}$", "\u0661\u0662", false)]
    [InlineData("^a$", "a\n", false)]
    [InlineData("^.$", "\U0001F600", true)]
    [InlineData("^[^a]$", "\U0001F600", true)]
    [InlineData("^[\\u{1F600}-\\u{1F610}]+$", "\U0001F605\U0001F600", true)]
    [InlineData("^\\W$", "\u00e9", true)]
    [InlineData("^\\p{Letter}+$", "\u00e9a", true)]
    [InlineData("^[\\s\\S]*$", "a\nb", true)]
    [InlineData("\\bab\\b", "x ab y", true)]
    [InlineData("\\bab\\b", "xab y", false)]
    [InlineData("^(?!x)[a-z]+$", "xa", false)]
    [InlineData("^[\\w.-]+@x$", "a.b-c@x", true)]
    [InlineData("^{a}$", "{a}", true)]
    // Without the flag u these are escapes of themselves.
    [InlineData("^\\d\\-[\\'\\@]\\ \\#$", "1-@ #", true)]
    [InlineData("^\\_\\%\\&\\!$", "_%&!", true)]
    [InlineData("^[a-z\\_\\d-\\.]+$", "a_1-.", true)]
    [InlineData("^(?=.*\\d)(?!.*\\.\\.)[\\w\\.\\-\\+]{2,8}$", "a.b+1", true)]
    [InlineData("^(?=.*\\d)(?!.*\\.\\.)[\\w\\.\\-\\+]{2,8}$", "a..1", false)]
    public void A_pattern_means_what_it_means_in_JavaScript(string pattern, string text, bool fits) =>
        Assert.Equal(fits, HeldSchema.IsIn(pattern, text));

    [Theory]
    [InlineData("^[a-z]+\\Z")]
    [InlineData("\\Aa")]
    [InlineData("^(?P<year>\\d{4})$")]
    [InlineData("(?i)abc")]
    [InlineData("^[[:alpha:]]+$")]
    [InlineData("^\\h$")]
    [InlineData("^a++$")]
    public void A_pattern_of_another_language_is_not_read_as_one_of_JavaScript(string pattern) => Assert.Null(SchemaPattern.Of(pattern));

    private static JsonElement Parse(string json)
    {
        using JsonDocument read = JsonDocument.Parse(json);
        return read.RootElement.Clone();
    }
}
