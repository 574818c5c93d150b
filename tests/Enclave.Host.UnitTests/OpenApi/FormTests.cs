using System.Text.Json.Nodes;

namespace Enclave.Host.Tests.OpenApi;

/// <summary>Bodies that are forms: what a script gives is written as the document says, and stays in its member.</summary>
public sealed class FormTests : IDisposable
{
    private readonly ServiceBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("", """{ "To": "+4512", "Body": "a b&c=d\n√" }""", "To=%2B4512&Body=a%20b%26c%3Dd%0A%E2%88%9A")]
    [InlineData("", """{ "n": 1.5, "yes": true, "none": null, "empty": "" }""", "n=1.5&yes=true&empty=")]
    [InlineData("", """{ "list": ["a", "b,c"], "nothing": [] }""", "list=a&list=b%2Cc")]
    [InlineData("", """{ "o": { "a": [1] }, "l": [{ "b": 2 }, [3]] }""", "o=%7B%22a%22%3A%5B1%5D%7D&l=%7B%22b%22%3A2%7D&l=%5B3%5D")]
    [InlineData("", """{ "a[b]&c=": "=&" }""", "a%5Bb%5D%26c%3D=%3D%26")]
    [InlineData("", "{}", "")]
    [InlineData("""{ "x": { "style": "form" } }""", """{ "x": { "a": 1, "b": "&" }, "y": 2 }""", "a=1&b=%26&y=2")]
    [InlineData("""{ "x": { "style": "form", "explode": false } }""", """{ "x": ["a", "b"] }""", "x=a,b")]
    [InlineData("""{ "x": { "explode": false } }""", """{ "x": ["a", "b"] }""", "x=a,b")]
    [InlineData("""{ "x": { "style": "pipeDelimited" } }""", """{ "x": ["a", "b"] }""", "x=a%7Cb")]
    [InlineData("""{ "x": { "style": "spaceDelimited" } }""", """{ "x": ["a", "b"] }""", "x=a%20b")]
    [InlineData("""{ "x": { "contentType": "application/json" } }""", """{ "x": [1, "b"] }""", "x=%5B1%2C%22b%22%5D")]
    [InlineData("""{ "x": { "style": "deepObject", "explode": true } }""", """{ "x": { "a": 1, "b": { "c": ["d", { "e": "&" }] }, "n": null } }""",
        "x%5Ba%5D=1&x%5Bb%5D%5Bc%5D%5B0%5D=d&x%5Bb%5D%5Bc%5D%5B1%5D%5Be%5D=%26")]
    [InlineData("""{ "x": { "style": "deepObject", "explode": true } }""", """{ "x": "text" }""", "x=text")]
    [InlineData("""{ "x": { "style": "unknown" }, "y": 7, "z": null }""", """{ "x": ["a", "b"] }""", "x=a&x=b")]
    public async Task An_object_is_written_as_its_encoding_says(string encoding, string given, string written)
    {
        string said = encoding.Length == 0 ? "" : $", \"encoding\": {encoding}";
        OpenApiService service = await _bench.Load(ServiceBench.Operation(
            $$$"""
            "requestBody": { "content": { "application/x-www-form-urlencoded": { "schema": { "type": "object" }{{{said}}} }, "text/plain": {} } }
            """, method: "post"));

        Asked asked = await _bench.Ask(service, $$"""{ "body": {{given}} }""");

        Assert.Equal(("application/x-www-form-urlencoded", written), (asked.Headers["Content-Type"], asked.Body));
    }

    [Fact]
    public async Task A_required_form_is_an_argument_with_its_members()
    {
        OpenApiService service = await _bench.Load(ServiceBench.Operation(
            """
            "requestBody": { "required": true, "content": { "application/x-www-form-urlencoded": {
              "schema": { "type": "object", "properties": { "To": { "type": "string" } }, "required": ["To"] } } } }
            """, method: "post"));

        Assert.Empty(service.Skipped);
        JsonNode schema = service.Tools.Single().ArgumentsSchema;
        Assert.Equal("body", (string?)schema["required"]![0]);
        Assert.Equal("string", (string?)schema["properties"]!["body"]!["properties"]!["To"]!["type"]);
        Assert.Equal("the arguments of s:op do not fit: $.body.To is missing; expected a string", (await _bench.Fail(service, """{ "body": {} }""")).Message);
        Assert.Empty(_bench.Requests);
    }

    [Theory]
    [InlineData("[1]", "body is [1]; expected an object")]
    [InlineData("\"a=b\"", "body is \"a=b\"; expected an object")]
    public async Task Only_an_object_is_a_form(string given, string why)
    {
        OpenApiService service = await _bench.Load(
            ServiceBench.Operation("\"requestBody\": { \"content\": { \"application/x-www-form-urlencoded\": {} } }", method: "post"));

        Assert.Equal(("TOOL_INVALID_ARGUMENTS", $"the arguments of s:op do not fit: {why}"), await _bench.Fail(service, $$"""{ "body": {{given}} }"""));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_long_name_is_not_repeated_without_an_end(bool isDeep)
    {
        string encoding = isDeep ? """ "encoding": { "x": { "style": "deepObject" } } """ : "";
        OpenApiService service = await _bench.Load(ServiceBench.Operation(
            $$$"""
            "requestBody": { "content": { "application/x-www-form-urlencoded": { {{{encoding}}} } } }
            """, method: "post"));
        // 100,000 pairs, or names without a value, of a megabyte each.
        JsonNode list = new JsonArray([.. Enumerable.Range(0, 100_000).Select((number) => isDeep ? null : (JsonNode)number)]);
        JsonNode body = new JsonObject { [new string('n', 1_000_000)] = list };
        if (isDeep) body = new JsonObject { ["x"] = body };

        (string? code, string message) = await _bench.Fail(service, new JsonObject { ["body"] = body }.ToJsonString());

        Assert.Equal(("TOOL_INVALID_ARGUMENTS", "the arguments of s:op do not fit: body is too long for a form"), (code, message));
    }

    [Fact]
    public async Task A_changed_encoding_makes_another_tool()
    {
        static string Document(string style) => ServiceBench.Operation(
            $$$"""
            "requestBody": { "content": { "application/x-www-form-urlencoded": { "encoding": { "x": { "style": "{{{style}}}" } } } } }
            """, method: "post");
        OpenApiService one = await _bench.Load(Document("deepObject")), same = await _bench.Load(Document("deepObject"));
        OpenApiService other = await _bench.Load(Document("form"));

        Assert.Equal(one.Version, same.Version);
        Assert.NotEqual(one.Version, other.Version);
    }
}
