using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests.OpenApi;

/// <summary>Arguments become parts of a request, and stay in their parts.</summary>
public sealed class ParameterTests : IDisposable
{
    private const string Text = "\"blue\"", List = """["blue","black","brown"]""", Map = """{"R":100,"G":200,"B":150}""";

    private static readonly string[] s_hostile =
    [
        "/", "\\", "..", ".", "%", "%2e", "%2f", "%00", "?", "#", "&", "=", "\r", "\n", "\0", "\t", "@", ":", "//evil.example", "http://evil.example/", ";",
        " ", "+", "é", "漢", "𝒳", "\ud800", "a", "B", "7", "{x}", "[", "]", ",", "|", "'", "\"", "<", "^", "`",
        "\u2028", "\u0085", "\u007f",
    ];

    private readonly ServiceBench _bench = new();

    public void Dispose() => _bench.Dispose();

    /// <summary>The examples of the specification (OpenAPI 3.1.1, 4.8.12.4), with characters that are reserved in addresses encoded.</summary>
    [Theory]
    [InlineData("path", "simple", false, Text, "/c/blue")]
    [InlineData("path", "simple", false, List, "/c/blue,black,brown")]
    [InlineData("path", "simple", false, Map, "/c/R,100,G,200,B,150")]
    [InlineData("path", "simple", true, Text, "/c/blue")]
    [InlineData("path", "simple", true, List, "/c/blue,black,brown")]
    [InlineData("path", "simple", true, Map, "/c/R=100,G=200,B=150")]
    [InlineData("query", "form", false, Text, "?color=blue")]
    [InlineData("query", "form", false, List, "?color=blue,black,brown")]
    [InlineData("query", "form", false, Map, "?color=R,100,G,200,B,150")]
    [InlineData("query", "form", true, Text, "?color=blue")]
    [InlineData("query", "form", true, List, "?color=blue&color=black&color=brown")]
    [InlineData("query", "form", true, Map, "?R=100&G=200&B=150")]
    [InlineData("query", "form", true, "\"\"", "?color=")]
    [InlineData("query", "spaceDelimited", false, List, "?color=blue%20black%20brown")]
    [InlineData("query", "spaceDelimited", false, Map, "?color=R%20100%20G%20200%20B%20150")]
    [InlineData("query", "pipeDelimited", false, List, "?color=blue%7Cblack%7Cbrown")]
    [InlineData("query", "pipeDelimited", false, Map, "?color=R%7C100%7CG%7C200%7CB%7C150")]
    [InlineData("query", "deepObject", true, Map, "?color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150")]
    [InlineData("header", "simple", false, Map, "R,100,G,200,B,150")]
    [InlineData("header", "simple", true, Map, "R=100,G=200,B=150")]
    [InlineData("header", "simple", false, List, "blue,black,brown")]
    public async Task A_value_is_written_as_its_style_says(string place, string style, bool explode, string value, string expected)
    {
        string explodes = explode ? "true" : "false";
        OpenApiService service = await _bench.Load(ServiceBench.Operation(
            $$"""
            "parameters": [ { "name": "color", "in": "{{place}}", "required": {{(place == "path" ? "true" : "false")}}, "style": "{{style}}",
              "explode": {{explodes}} } ]
            """,
            place == "path" ? "/c/{color}" : "/c"));

        Asked asked = await _bench.Ask(service, $$"""{ "color": {{value}} }""");

        Assert.Equal(expected, place switch { "path" => asked.Path["/v1".Length..], "query" => asked.Query, _ => asked.Headers["color"] });
    }

    [Theory]
    [InlineData("true", "true")]
    [InlineData("12", "12")]
    [InlineData("1e15", "1000000000000000")]
    [InlineData("9007199254740993", "9007199254740993")]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567890")]
    [InlineData("-0.5", "-0.5")]
    [InlineData("1e300", "1E%2B300")]
    public async Task A_scalar_has_the_text_that_json_has(string value, string expected)
    {
        OpenApiService service = await _bench.Load(ServiceBench.Operation("""
            "parameters": [ { "name": "q", "in": "query" } ]
            """));

        Assert.Equal($"?q={expected}", (await _bench.Ask(service, $$"""{ "q": {{value}} }""")).Query);
    }

    [Fact]
    public async Task A_parameter_whose_content_is_json_is_json()
    {
        OpenApiService service = await _bench.Load(ServiceBench.Operation("""
            "parameters": [ { "name": "filter", "in": "query", "content": { "application/json": { "schema": { "type": "object" } } } } ]
            """));

        Asked asked = await _bench.Ask(service, """{ "filter": { "a": [1, "x&y"] } }""");

        Assert.StartsWith("?filter=%7B", asked.Query, StringComparison.Ordinal);
        Assert.True(
            JsonNode.DeepEquals(JsonNode.Parse("""{"a":[1,"x&y"]}"""), JsonNode.Parse(Uri.UnescapeDataString(asked.Query["?filter=".Length..]))), asked.Query);
    }

    [Fact]
    public async Task A_parameter_that_is_not_given_is_not_sent()
    {
        OpenApiService service = await _bench.Load(ServiceBench.Operation("""
            "parameters": [ { "name": "a", "in": "query" }, { "name": "b", "in": "query", "schema": { "type": [ "string", "null" ] } },
              { "name": "X-C", "in": "header" }, { "name": "d", "in": "query" } ]
            """));

        Asked asked = await _bench.Ask(service, """{ "b": null, "d": [] }""");

        Assert.Equal("", asked.Query);
        Assert.False(asked.Headers.ContainsKey("X-C"));
    }

    /// <summary>Any value from a script is refused or becomes the text of its parameter only.</summary>
    [Fact]
    public async Task No_value_leaves_its_place()
    {
        OpenApiService service = await _bench.Load(ServiceBench.Operation(
            """
            "parameters": [
              { "name": "x", "in": "path", "required": true, "schema": { "type": "string" } }, { "name": "q", "in": "query" },
              { "name": "deep", "in": "query", "style": "deepObject" }, { "name": "X-H", "in": "header" }
            ]
            """,
            "/a/{x}/b"));
        var random = new Random(5);
        (int sent, int refused) = (0, 0);
        for (int i = 0; i < TestSize.Of(3_000, full: 100_000); i++)
        {
            (string x, string q, string k, string h) = (Hostile(random), Hostile(random), Hostile(random), random.Next(3) == 0 ? Hostile(random) : "plain");
            var arguments = ScriptValue.From(
                new Dictionary<string, object> { ["x"] = x, ["q"] = q, ["deep"] = new Dictionary<string, object> { [k] = q }, ["X-H"] = h });
            int before = _bench.Requests.Count;
            try
            {
                await _bench.Call(service, "s:op", arguments);
            }
            catch (ToolException fault)
            {
                Assert.Equal("TOOL_INVALID_ARGUMENTS", fault.Code);
                Assert.Equal(before, _bench.Requests.Count);
                refused++;
                continue;
            }

            sent++;
            Asked asked = _bench.Requests[^1];
            string shown = string.Create(CultureInfo.InvariantCulture, $"{asked.Address.OriginalString} of {Encoding.UTF8.GetBytes(x).Length} bytes {x}");
            Assert.Equal(("https", "api.example", 443, "", ""), (
                asked.Address.Scheme, asked.Address.Host, asked.Address.Port, asked.Address.UserInfo, asked.Address.Fragment));
            // The text is sent unchanged.
            Assert.Equal(asked.Address.OriginalString, asked.Address.AbsoluteUri);
            string[] steps = asked.Path.Split('/');
            Assert.True(steps is ["", "v1", "a", _, "b"], shown);
            Assert.Equal(x, Uri.UnescapeDataString(steps[3]));
            Assert.DoesNotContain(x.Split('/', '\\'), (part) => part is "." or "..");
            string[] pairs = asked.Query[1..].Split('&');
            Assert.True(pairs.Length == 2 && pairs.All((pair) => pair.Split('=').Length == 2), shown);
            Assert.Equal(["q", q, $"deep[{k}]", q], pairs.SelectMany((pair) => pair.Split('=')).Select(Uri.UnescapeDataString));
            Assert.Equal(h, asked.Headers["X-H"]);
            Assert.All(asked.Headers.Values, (value) => Assert.DoesNotContain(value, (letter) => letter is < ' ' or > '~'));
        }

        Assert.True(sent > 100 && refused > 100, $"{sent} sent, {refused} refused");
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../admin")]
    [InlineData("a/../../admin")]
    [InlineData("..\\admin")]
    [InlineData("a\0b")]
    [InlineData("a\r\nHost: evil.example")]
    public async Task A_value_that_leads_elsewhere_is_refused(string value)
    {
        OpenApiService service = await _bench.Load(ServiceBench.Operation(
            """
            "parameters": [ { "name": "x", "in": "path", "required": true } ]
            """,
            "/a/{x}"));

        (string? code, string message) = await _bench.Fail(service, new Dictionary<string, object> { ["x"] = value });

        Assert.Equal("TOOL_INVALID_ARGUMENTS", code);
        Assert.StartsWith("the arguments of s:op do not fit: ", message, StringComparison.Ordinal);
        Assert.Empty(_bench.Requests);
    }

    [Fact]
    public async Task A_step_with_more_than_a_parameter_is_still_no_way_up()
    {
        OpenApiService service = await _bench.Load(ServiceBench.Operation(
            """
            "parameters": [ { "name": "x", "in": "path", "required": true }, { "name": "y", "in": "path", "required": true } ]
            """,
            "/a/{x}{y}/z"));

        Assert.Equal("/v1/a/file.txt/z", (await _bench.Ask(service, """{ "x": "file", "y": ".txt" }""")).Path);
        Assert.Equal("TOOL_INVALID_ARGUMENTS", (await _bench.Fail(service, """{ "x": ".", "y": "." }""")).Code);
    }

    [Theory]
    [InlineData("line\nfeed")]
    [InlineData("line\rfeed")]
    [InlineData("naïve")]
    [InlineData("nul\0")]
    public async Task A_header_ends_where_it_began(string value)
    {
        OpenApiService service = await _bench.Load(ServiceBench.Operation("""
            "parameters": [ { "name": "X-H", "in": "header" } ]
            """));

        Assert.Equal("TOOL_INVALID_ARGUMENTS", (await _bench.Fail(service, new Dictionary<string, object> { ["X-H"] = value })).Code);
        Assert.Equal("TOOL_INVALID_ARGUMENTS", (await _bench.Fail(service, new Dictionary<string, object> { ["X-H"] = new string('x', 4097) })).Code);
        Assert.Empty(_bench.Requests);
    }

    [Fact]
    public async Task Headers_of_the_request_itself_are_nobodys_to_give()
    {
        string[] own = ["Host", "Cookie", "Authorization", "Content-Length", "transfer-encoding", "X-Forwarded-For", "X-HTTP-Method-Override", "Accept",
            "Content-Language", "Expires", "bad name"];
        OpenApiService service = await _bench.Load(ServiceBench.Operation($"""
            "parameters": [ {string.Join(", ", own.Select((name) => $$"""{ "name": "{{name}}", "in": "header", "required": true }"""))} ]
            """));

        Assert.Equal("""{"type":"object","properties":{},"additionalProperties":false}""", service.Tools.Single().ArgumentsSchema.ToJsonString());
        Asked asked = await _bench.Ask(service, "{}");
        Assert.Equal(["Accept", "User-Agent"], asked.Headers.Keys.Order());
        Assert.Contains("$[\"Cookie\"] is not known", (await _bench.Fail(service, """{ "Cookie": "a=b" }""")).Message.Replace(
            "$.Cookie", "$[\"Cookie\"]", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "q": [[1]] }""")]
    [InlineData("""{ "q": [null] }""")]
    [InlineData("""{ "q": { "a": { "b": 1 } } }""")]
    public async Task A_value_without_a_form_in_an_address_is_refused(string arguments)
    {
        OpenApiService service = await _bench.Load(ServiceBench.Operation("""
            "parameters": [ { "name": "q", "in": "query" } ]
            """));

        Assert.Equal("TOOL_INVALID_ARGUMENTS", (await _bench.Fail(service, arguments)).Code);
    }

    [Fact]
    public async Task An_address_is_only_so_long()
    {
        OpenApiService service = await _bench.Load(ServiceBench.Operation("""
            "parameters": [ { "name": "q", "in": "query" } ]
            """));

        Assert.Equal("TOOL_INVALID_ARGUMENTS", (await _bench.Fail(service, new Dictionary<string, object> { ["q"] = new string('x', 8_000) })).Code);
        Assert.Equal("TOOL_INVALID_ARGUMENTS", (await _bench.Fail(service, new Dictionary<string, object> { ["q"] = new string('x', 70_000) })).Code);
    }

    [Theory]
    [InlineData("application/json", """{ "type": "object" }""", """{ "a": [1, 2.5, "é", null, true] }""", """{"a":[1,2.5,"é",null,true]}""")]
    [InlineData("application/merge-patch+json", """{ "type": "object" }""", """{ "a": null }""", """{"a":null}""")]
    [InlineData("*/*", """{ }""", "[]", "[]")]
    [InlineData("text/plain", """{ "type": "string" }""", "\"as it is\\n\"", "as it is\n")]
    public async Task A_body_is_sent_as_its_type_says(string type, string schema, string body, string expected)
    {
        OpenApiService service = await _bench.Load(ServiceBench.Operation($$"""
            "requestBody": { "required": true, "content": { "application/xml": {}, "{{type}}": { "schema": {{schema}} } } }
            """, method: "post"));

        Asked asked = await _bench.Ask(service, $$"""{ "body": {{body}} }""");

        Assert.Equal("POST", asked.Method);
        if (type == "text/plain") Assert.Equal(expected, asked.Body);
        else Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(asked.Body!)), asked.Body);
        Assert.Equal(type == "*/*" ? "application/json" : type == "text/plain" ? "text/plain; charset=utf-8" : type, asked.Headers["Content-Type"]);
    }

    [Fact]
    public async Task Names_that_mean_two_things_are_told_apart()
    {
        OpenApiService service = await _bench.Load(ServiceBench.Operation(
            """
            "parameters": [
              { "name": "id", "in": "path", "required": true }, { "name": "id", "in": "query" }, { "name": "body", "in": "query" },
              { "name": "constructor", "in": "query" }
            ],
            "requestBody": { "content": { "application/json": {} } }
            """,
            "/a/{id}",
            "put"));

        Asked asked = await _bench.Ask(service, """{ "path_id": 1, "query_id": 2, "query_body": 3, "query_constructor": 4, "body": 5 }""");

        Assert.Equal(("/v1/a/1", "?id=2&body=3&constructor=4", "5"), (asked.Path, asked.Query, asked.Body));
    }

    private static string Hostile(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select((_) => s_hostile[random.Next(s_hostile.Length)]));
}
