using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests.OpenApi;

/// <summary>Documents that try to harm the host that loads them.</summary>
[Collection(Alone.Name)]
public sealed class HostileDocumentTests : IDisposable
{
    private readonly ServiceBench _bench = new();

    public void Dispose() => _bench.Dispose();

    /// <summary>Expanded, each of these would have 2^60 characters.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Variables_of_a_server_do_not_stand_for_each_other(bool forwards)
    {
        IEnumerable<int> numbers = Enumerable.Range(0, 60);
        string variables = string.Join(
            ", ", (forwards ? numbers : numbers.Reverse()).Select((n) => $$"""{{"\""}}v{{n}}": { "default": "{v{{n + 1}}}{v{{n + 1}}}" }"""));
        string document = ServiceBench.Operation("", more: $$"""
            "servers": [ { "url": "https://api.example/{v0}", "variables": { {{variables}} } } ],
            """);
        OpenApiService? service = null;

        long allocated = await Allocations.OfProcess(async () => service = await _bench.Load(document, (options) => options with { BaseAddress = null }));

        // A default is plain text. Braces in it are an ordinary part of the path.
        Assert.Equal("s:op", service!.Tools.Single().Name);
        Assert.True(allocated < 64 << 20, $"{allocated} bytes");
    }

    [Fact]
    public async Task An_address_that_becomes_too_long_is_not_made_to_its_end()
    {
        string parameters = string.Join(',', Enumerable.Range(0, 20).Select((i) => $$"""{ "name": "p{{i}}", "in": "query", "explode": true }"""));
        OpenApiService service = await _bench.Load(ServiceBench.Operation($$""" "parameters": [ {{parameters}} ] """));
        ScriptValue list = ScriptValue.From(Enumerable.Repeat(0, 30_000).ToArray());
        ScriptValue given = ScriptValue.From(Enumerable.Range(0, 20).ToDictionary((i) => $"p{i}", (_) => list));
        string refusal = "";

        long allocated = await Allocations.OfProcess(async () => refusal = (await _bench.Fail(service, given)).Message);

        Assert.Contains("the address would have more than 8000 characters", refusal, StringComparison.Ordinal);
        Assert.InRange(allocated, 0, 20 << 20);
    }

    [Fact]
    public async Task A_long_default_of_a_server_is_refused()
    {
        string document = ServiceBench.Operation("", more: $$"""
            "servers": [ { "url": "https://api.example/{{string.Concat(Enumerable.Repeat("{v}", 2000))}}",
              "variables": { "v": { "default": "{{new string('x', 1_000_000)}}" } } } ],
            """);

        OpenApiException fault = await Assert.ThrowsAsync<OpenApiException>(() => _bench.Load(document, (options) => options with { BaseAddress = null }));

        Assert.Contains("no server with a whole address", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>Circular references, in each place that allows a reference.</summary>
    [Theory]
    [InlineData("path", """ "paths": { "/a": { "$ref": "#/paths/~1b" }, "/b": { "$ref": "#/paths/~1a" }, "/good": { "get": {} } } """)]
    [InlineData("itself", """ "paths": { "/a": { "$ref": "#/paths/~1a" }, "/good": { "get": {} } } """)]
    [InlineData("root", """ "paths": { "/a": { "$ref": "#" }, "/good": { "get": {} } } """)]
    [InlineData("parameter", """ "components": { "parameters": { "p": { "$ref": "#/components/parameters/p" } } }""" +
        """, "paths": { "/a": { "get": { "parameters": [ { "$ref": "#/components/parameters/p" } ] } }, "/good": { "get": {} } } """)]
    [InlineData(
        "body", """ "components": { "requestBodies": { "p": { "$ref": "#/components/requestBodies/q" }, "q": { "$ref": "#/components/requestBodies/p" } } }""" +
        """, "paths": { "/a": { "post": { "requestBody": { "$ref": "#/components/requestBodies/p" } } }, "/good": { "get": {} } } """)]
    public async Task References_that_go_round_end(string place, string members)
    {
        OpenApiService service = await _bench.Load($$"""{ "openapi": "3.1.0", {{members}} }""");

        Assert.True(
            service.Tools.Select((tool) => tool.Name).ToArray() is ["s:get_good"], $"{place}: {string.Join(", ", service.Tools.Select((tool) => tool.Name))}");
    }

    [Fact]
    public async Task A_response_and_a_scheme_that_go_round_are_open_and_refused()
    {
        string components = """
            "components": { "responses": { "r": { "$ref": "#/components/responses/r" } },
              "securitySchemes": { "k": { "$ref": "#/components/securitySchemes/k" } } },
            """;
        string document = ServiceBench.Operation("""
            "security": [ { "k": [] } ], "responses": { "200": { "$ref": "#/components/responses/r" } }
            """, more: components);

        Assert.Equal("{}", (await _bench.Load(document)).Tools.Single().ResultSchema.ToJsonString());
        await Assert.ThrowsAsync<OpenApiException>(
            () => _bench.Load(document, (options) => options with { Secrets = new Dictionary<string, string> { ["k"] = "SECRET" } }));
    }

    /// <summary>A document cannot make the host fetch anything: neither an address nor a file.</summary>
    [Theory]
    [InlineData("https://evil.example/schema.json")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("file:///etc/passwd")]
    [InlineData("/etc/passwd#/x")]
    [InlineData("other.json#/components/schemas/A")]
    [InlineData("//evil.example/#/a")]
    [InlineData("#anchor")]
    public async Task References_do_not_leave_the_document(string reference)
    {
        string quoted = JsonSerializer.Serialize(reference);
        OpenApiService service = await _bench.Load(ServiceBench.Operation($$"""
            "requestBody": { "content": { "application/json": { "schema": { "$ref": {{quoted}} } } } },
            "responses": { "200": { "content": { "application/json": { "schema": { "$ref": {{quoted}} } } } } }, "externalDocs": { "url": {{quoted}} }
            """, method: "post", more: $$"""
            "components": { "schemas": { "A": { "$ref": {{quoted}} } } },
            """));

        Assert.DoesNotContain("$ref", service.Tools.Single().ArgumentsSchema.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty(_bench.Requests);
        Assert.Equal("""{"any":[1]}""", (await _bench.Ask(service, """{ "body": { "any": [1] } }""")).Body);
    }

    /// <summary>The members that every JavaScript object has, used as a name in each place that has names.</summary>
    [Theory]
    [InlineData("__proto__")]
    [InlineData("constructor")]
    [InlineData("prototype")]
    [InlineData("toString")]
    [InlineData("hasOwnProperty")]
    public async Task Names_of_prototypes_are_names_like_others(string name)
    {
        OpenApiService service = await _bench.Load($$"""
            { "openapi": "3.1.0",
              "components": { "schemas": { "{{name}}": { "type": "object", "properties": { "{{name}}": { "type": "string" } }, "required": ["{{name}}"] } } },
              "paths": {
                "/{{name}}": { "get": { "operationId": "{{name}}", "tags": ["{{name}}"], "parameters": [ { "name": "{{name}}", "in": "query",
                  "schema": { "type": "string" } } ] } },
                "/b": { "post": { "operationId": "b",
                  "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/{{name}}" } } } } } } } }
            """);

        Assert.Equal(2, service.Tools.Count);
        Assert.All(service.Tools, (tool) => Assert.Matches("^s:[A-Za-z0-9]", tool.Name));
        JsonObject members = service.Tools[0].ArgumentsSchema["properties"]!.AsObject();
        string argument = Assert.Single(members).Key;
        // A script cannot have such a member, so the parameter gets another name.
        Assert.True(argument == name || argument == $"query_{name}", argument);
        await _bench.Call(service, service.Tools[0].Name, new Dictionary<string, object?> { [argument] = "x" });
        Assert.Equal($"?{name}=x", _bench.Requests[^1].Query);
    }

    [Fact]
    public async Task Operations_of_one_name_are_told_apart_or_refused()
    {
        OpenApiService service = await _bench.Load(ServiceBench.Document(
            """{ "/a": { "get": { "operationId": "x y" } }, "/b": { "get": { "operationId": "x_y" } }, "/c": { "get": { "operationId": "x:y" } } }"""));
        Assert.Equal(["s:get_a", "s:get_b", "s:get_c"], service.Tools.Select((tool) => tool.Name).Order(StringComparer.Ordinal));

        OpenApiException fault = await Assert.ThrowsAsync<OpenApiException>(
            () => _bench.Load(ServiceBench.Document("""{ "/a/b": { "get": {} }, "/a_b": { "get": {} } }""")));
        Assert.Contains("would both be s:get_a_b", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>An operation that takes the name that another one would get from its path.</summary>
    [Fact]
    public async Task An_operation_does_not_stand_in_for_another()
    {
        OpenApiException fault = await Assert.ThrowsAsync<OpenApiException>(
            () => _bench.Load(ServiceBench.Document("""{ "/users": { "get": { "operationId": "delete_users" }, "delete": {} } }""")));

        Assert.Contains("would both be s:delete_users", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json\r\nX-Evil: 1")]
    [InlineData("application/json; charset=utf-8\r\nX-Evil: 1")]
    [InlineData("text/plain\nX: 1")]
    [InlineData("application/json, text/html")]
    public async Task A_media_type_does_not_end_its_header(string type)
    {
        OpenApiService service = await _bench.Load(ServiceBench.Operation($$"""
            "requestBody": { "content": { {{JsonSerializer.Serialize(type)}}: {} } }
            """, method: "post"));

        // It is not a body, so there is none.
        Assert.Equal("""{"type":"object","properties":{},"additionalProperties":false}""", service.Tools.Single().ArgumentsSchema.ToJsonString());
    }

    [Theory]
    [InlineData("X-A\r\nX-Evil")]
    [InlineData("X A")]
    [InlineData("X:A")]
    [InlineData("X\u0000A")]
    [InlineData("Ä")]
    public async Task A_name_of_a_header_does_not_end_its_line(string name)
    {
        OpenApiService service = await _bench.Load(ServiceBench.Operation($$"""
            "parameters": [ { "name": {{JsonSerializer.Serialize(name)}}, "in": "header" } ]
            """));

        Assert.Equal("""{"type":"object","properties":{},"additionalProperties":false}""", service.Tools.Single().ArgumentsSchema.ToJsonString());
    }

    [Theory]
    [InlineData("a\r\nX-Evil: 1")]
    [InlineData("a\nb")]
    [InlineData("a\u0000")]
    [InlineData("a\u2028")]
    public async Task A_value_does_not_end_its_line(string value)
    {
        OpenApiService service = await _bench.Load(ServiceBench.Operation("""
            "parameters": [ { "name": "X-A", "in": "header" }, { "name": "q", "in": "query" } ]
            """));

        Assert.Equal("TOOL_INVALID_ARGUMENTS", (await _bench.Fail(service, new Dictionary<string, object?> { ["X-A"] = value })).Code);
        Assert.DoesNotContain(
            (await _bench.Ask(service, new Dictionary<string, object?> { ["q"] = value })).Address.AbsoluteUri, (letter) => letter is < '!' or > '~');
    }

    /// <summary>Models are told of a pattern, but the host never runs it.</summary>
    [Fact]
    public async Task A_pattern_that_takes_for_ever_takes_nothing()
    {
        OpenApiService service = await _bench.Load(ServiceBench.Operation("""
            "parameters": [ { "name": "q", "in": "query", "schema": { "type": "string", "pattern": "^(a+)+$" } } ]
            """));
        long began = Stopwatch.GetTimestamp();

        Assert.EndsWith("expected text like ^(a+)+$",
            (await _bench.Fail(service, new Dictionary<string, object?> { ["q"] = new string('a', 5_000) + "!" })).Message, StringComparison.Ordinal);
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData("/a/./b")]
    [InlineData("/a/{x}/..")]
    [InlineData("/a;x=1/../b")]
    [InlineData("//evil.example/a")]
    [InlineData("/\\evil.example")]
    [InlineData("/a\r\nX: 1")]
    [InlineData("/{x}{x}/../b")]
    [InlineData("@evil.example/a")]
    [InlineData("/%2e%2e/a")]
    public async Task A_path_does_not_lead_elsewhere(string path)
    {
        OpenApiService service = await _bench.Load(ServiceBench.Operation("""
            "parameters": [ { "name": "x", "in": "path", "required": true, "schema": { "type": "string" } } ]
            """, path: path));

        if (service.Tools.Count == 0) return;
        // A path that begins with two slashes would name another host.
        Uri address = (await _bench.Ask(service, "{}")).Address;
        Assert.Equal(("https", "api.example", true), (address.Scheme, address.Host, address.AbsolutePath.StartsWith("/v1/", StringComparison.Ordinal)));
    }

    /// <summary>References into a large document, as many as the limit allows.</summary>
    [Fact]
    public async Task Many_references_into_a_large_object_end_in_time()
    {
        const int Members = 100_000, References = 2_000;
        string far = string.Join(",", Enumerable.Range(0, Members).Select((n) => $"\"m{n}\":1"));
        string parameters = string.Join(",", Enumerable.Range(0, References).Select((n) => $$"""{{"\""}}p{{n}}": { "$ref": "#/x-far/none{{n}}" }"""));
        string document = ServiceBench.Operation($$"""
            "requestBody": { "content": { "application/json": { "schema": { "type": "object", "properties": { {{parameters}} } } } } }
            """, method: "post", more: $$"""
            "x-far": { {{far}} },
            """);
        long began = Stopwatch.GetTimestamp();

        Assert.Single((await _bench.Load(document)).Tools);

        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30), $"{Stopwatch.GetElapsedTime(began)}");
    }
}
