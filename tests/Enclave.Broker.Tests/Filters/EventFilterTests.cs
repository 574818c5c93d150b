using System.Text.Json;
using Enclave.Broker.Filters;
using Enclave.Streaming;
using Enclave.Tests;

namespace Enclave.Broker.Tests.Filters;

public sealed class EventFilterTests
{
    [Theory]
    [InlineData("payload.args.0", true)]
    [InlineData("payload.args.00", false)]
    [InlineData("payload.args.1", false)]
    public void An_index_has_one_form(string field, bool passes)
    {
        var call = new ToolCall { CallId = "c_1", ToolName = "t", Args = JsonElement.Parse("""["text"]""") };
        Assert.Equal(passes, Filter.Pattern("exact", "text", field).Passes(new SessionEvent("s_1", 1, call)));
    }

    private static readonly string[] s_types = ["session_init", "stdout", "log", "tool_call", "heartbeat", "error", "final"];

    [Theory]
    [InlineData("""{"types":["stdout"]}""", "session_init,stdout,error,final")]
    [InlineData("""{"blockedTypes":["heartbeat","log"]}""", "session_init,stdout,tool_call,error,final")]
    [InlineData("""{"types":["stdout","log"],"blockedTypes":["log"]}""", "session_init,stdout,error,final")]
    [InlineData("""{"types":[]}""", "session_init,error,final")]
    [InlineData("""{"types":["log"],"alwaysAllow":[]}""", "log")]
    [InlineData("""{"typeFilter":{"mode":"EXCLUDE","types":["heartbeat"]}}""", "session_init,stdout,log,tool_call,error,final")]
    [InlineData("""{"typeFilter":{"mode":"INCLUDE","types":["heartbeat"]}}""", "session_init,heartbeat,error,final")]
    [InlineData("""{"typeFilter":{"types":["heartbeat"]}}""", "session_init,heartbeat,error,final")]
    [InlineData(
        """{"contentFilter":{"mode":"EXCLUDE","patterns":[{"type":"PREFIX","content":"{\"chunk\""}]}}""", "session_init,log,tool_call,heartbeat,error,final")]
    [InlineData(
        """{"typeFilter":{"mode":"exclude","types":["log"]},"contentFilter":{"mode":"include","patterns":[{"type":"prefix","content":"{\"chunk\""}]}}""",
        "session_init,stdout,error,final")]
    [InlineData("""{"mode":"INCLUDE","rules":[{"types":{"types":["log"]}}]}""", "session_init,log,final")]
    [InlineData("""{"rules":[{"types":{"types":["log"]}}]}""", "session_init,stdout,tool_call,heartbeat,error,final")]
    [InlineData(
        """{"mode":"include","rules":[{"typeFilter":{"types":["log"]}},{"contentFilter":{"patterns":[{"type":"exact","content":"stdout","field":"type"}]}}]}""",
        "session_init,stdout,log,final")]
    public void Every_form_is_read(string json, string passing) => Assert.Equal(passing.Split(','), Passing(Filter.Of(json)));

    [Theory]
    [InlineData("5", "must be an object")]
    [InlineData("{}", "rules: must be an array")]
    [InlineData("""{"mode":"include"}""", "rules: must be an array")]
    [InlineData("""{"mode":"include","rules":{}}""", "rules: must be an array")]
    [InlineData("""{"rules":[5]}""", "rules.0: must be an object")]
    [InlineData("""{"rules":[{"types":["log"]}]}""", "rules.0.types: must be an object")]
    [InlineData("""{"rules":[{"types":{"types":[1]}}]}""", "rules.0.types.types.0: must be a string")]
    [InlineData("""{"rules":[{"content":{}}]}""", "rules.0.content.patterns: must be an array")]
    [InlineData("""{"rules":[{"content":{"patterns":[{"type":"exact"}]}}]}""", "rules.0.content.patterns.0.pattern: must be a string")]
    [InlineData("""{"rules":[],"alwaysAllow":"final"}""", "alwaysAllow: must be an array of strings")]
    [InlineData("""{"rules":[],"regexTimeoutMs":0}""", "regexTimeoutMs: must be a number, 1 or more")]
    [InlineData("""{"types":"log"}""", "types: must be an array of strings")]
    public void A_wrong_filter_is_refused_with_its_fault(string json, string problem) => Assert.Equal(problem, Filter.Problem(json));

    [Fact]
    public void The_cost_of_a_filter_is_bounded()
    {
        Assert.StartsWith("rules: ", Filter.Problem($$"""{"rules":[{{Many(33, "{}")}}]}"""), StringComparison.Ordinal);
        Assert.StartsWith("types: ", Filter.Problem($$"""{"types":[{{Many(65, "\"x\"")}}]}"""), StringComparison.Ordinal);
        Assert.StartsWith("rules.0.content.patterns: ", Filter.Problem(Patterns(65, "exact", "x")), StringComparison.Ordinal);
        Assert.StartsWith("rules.0.content.patterns.0.pattern: ", Filter.Problem(Patterns(1, "exact", new string('x', 1025))), StringComparison.Ordinal);
        Assert.StartsWith("rules.0.content.patterns.0.pattern: ", Filter.Problem(Patterns(1, "regex", new string('x', 257))), StringComparison.Ordinal);
        Assert.StartsWith("rules.0.content.patterns.8.pattern: ", Filter.Problem(Patterns(9, "regex", "x")), StringComparison.Ordinal);
        Assert.StartsWith("rules.0.content.patterns.1.pattern: ", Filter.Problem(Patterns(2, "glob", new string('*', 600))), StringComparison.Ordinal);
        Assert.StartsWith("rules.0.content.patterns.0.field: ", Filter.Problem(Patterns(1, "exact", "x", new string('a', 257))), StringComparison.Ordinal);
        string half = Many(33, Pattern("exact", "x", "type"));
        Assert.StartsWith("rules.1.content.patterns: ",
            Filter.Problem($$$"""{"rules":[{"content":{"patterns":[{{{half}}}]}},{"content":{"patterns":[{{{half}}}]}}]}"""), StringComparison.Ordinal);
        Filter.Of(Patterns(64, "exact", "x"));
    }

    [Fact]
    public void An_event_is_not_written_when_only_types_are_asked()
    {
        // Arguments without a value cannot be written.
        var unwritable = new SessionEvent("s_1", 1, new ToolCall { CallId = "c_1", ToolName = "t", Args = default });
        Assert.True(Filter.Of("""{"mode":"exclude","rules":[{"types":{"types":["log"]}}]}""").Passes(unwritable));
        Assert.False(Filter.Of("""{"types":["log"]}""").Passes(unwritable));
        Assert.ThrowsAny<InvalidOperationException>(() => Filter.Pattern("exact", "x").Passes(unwritable));
    }

    [Theory]
    [InlineData("payload.list.1", "b", true)]
    [InlineData("payload.list.2", "b", false)]
    [InlineData("payload.list.-1", "b", false)]
    [InlineData("payload.list", "[\"a\",\"b\"]", true)]
    [InlineData("payload.number", "1000", true)]
    [InlineData("payload.nothing", "", true)]
    [InlineData("payload.missing", "", false)]
    [InlineData("payload.list.1.length", "1", false)]
    [InlineData("payload..list", "", false)]
    [InlineData("seq", "1", true)]
    [InlineData("", """{"list":["a","b"],"number":1000,"nothing":null}""", true)]
    public void Fields_are_paths_from_the_event(string field, string text, bool matches)
    {
        JsonElement wire = JsonElement.Parse(WireJson.Event("x", """{"list": ["a","b"], "number": 1e3, "nothing": null}"""));
        Assert.Equal(matches, Filter.Pattern("exact", text, field).Passes(wire));
    }

    [Fact]
    public void An_event_of_any_size_and_content_is_decided()
    {
        EventFilter filter = Filter.Pattern("glob", "*x*", field: null);
        Assert.False(filter.PassesText(new string('x', 1_000_000)));
        Assert.True(Filter.Pattern("prefix", "{\"chunk\":\"x", field: null).PassesText(new string('x', 1_000_000)));
        Assert.True(filter.Passes(JsonElement.Parse(WireJson.Event("x", """{"chunk":"\ud800x"}"""))));
        Assert.False(filter.Passes(JsonElement.Parse("[]")));
        Assert.False(filter.Passes(JsonElement.Parse("""{"type":5,"payload":7}""")));
        Assert.False(filter.Passes(default(JsonElement)));
        string nested = WireJson.Event("x", new string('[', 2_000) + new string(']', 2_000));
        Assert.False(filter.Passes(JsonElement.Parse(nested, new JsonDocumentOptions { MaxDepth = int.MaxValue })));
    }

    [Fact]
    public void Filters_at_random_are_read_or_refused()
    {
        string valid =
            """{"mode":"include","rules":[{"types":{"types":["log"]},"content":{"patterns":[{"type":"glob","pattern":"{a,b[c-d]}**/*?","field":"payload.x"}""" +
            """,{"type":"regex","pattern":"[^a]\\d(?:x|y)*$"}],"match":"all"}}],"alwaysAllow":["final"],"regexTimeoutMs":5}""";
        var random = new Random(17);
        int read = 0;
        for (int round = 0; round < TestSize.Of(1_000, 50_000); round++)
        {
            char[] changed = valid.ToCharArray();
            for (int change = random.Next(3); change >= 0; change--) changed[random.Next(changed.Length)] = valid[random.Next(valid.Length)];
            JsonElement json;
            try
            {
                json = JsonElement.Parse(new string(changed));
            }
            catch (JsonException)
            {
                continue;
            }

            if (!EventFilter.TryParse(json, out EventFilter? filter, out _)) continue;
            read++;
            filter.PassesText("b1");
        }

        Assert.True(read > 100);
    }

    private static IEnumerable<string> Passing(EventFilter filter) =>
        s_types.Where((type) => filter.Passes(JsonElement.Parse(WireJson.Event(type, type == "stdout" ? """{"chunk":"x"}""" : """{"a":1}"""))));

    private static string Patterns(int count, string type, string pattern, string field = "type") =>
        $$$"""{"rules":[{"content":{"patterns":[{{{Many(count, Pattern(type, pattern, field))}}}]}}]}""";

    private static string Pattern(string type, string pattern, string field) => JsonSerializer.Serialize(new { type, pattern, field });

    private static string Many(int count, string one) => string.Join(',', Enumerable.Repeat(one, count));
}
