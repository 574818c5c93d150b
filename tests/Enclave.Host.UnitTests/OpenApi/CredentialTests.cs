using System.Net;

namespace Enclave.Host.Tests.OpenApi;

/// <summary>The place of each secret in requests.</summary>
public sealed class CredentialTests : IDisposable
{
    private const string Schemes = """
        "components": { "securitySchemes": {
          "bearer": { "type": "http", "scheme": "bearer" }, "basic": { "type": "http", "scheme": "Basic" },
          "key": { "type": "apiKey", "in": "header", "name": "X-Api-Key" }, "query": { "type": "apiKey", "in": "query", "name": "api_key" },
          "oauth": { "type": "oauth2", "flows": {} }, "oidc": { "type": "openIdConnect" }, "cookie": { "type": "apiKey", "in": "cookie", "name": "sid" },
          "host": { "type": "apiKey", "in": "header", "name": "Host" }, "mtls": { "type": "mutualTLS" },
          "alias": { "$ref": "#/components/securitySchemes/key" } } },
        """;

    private readonly ServiceBench _bench = new();

    public CredentialTests() => _bench.Secrets["SECRET"] = "the-value of it&more";

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("bearer", "Authorization", "Bearer the-value of it&more")]
    [InlineData("basic", "Authorization", "Basic dGhlLXZhbHVlIG9mIGl0Jm1vcmU=")]
    [InlineData("key", "X-Api-Key", "the-value of it&more")]
    [InlineData("alias", "X-Api-Key", "the-value of it&more")]
    [InlineData("oauth", "Authorization", "Bearer the-value of it&more")]
    [InlineData("oidc", "Authorization", "Bearer the-value of it&more")]
    public async Task A_scheme_says_where_a_secret_stands(string scheme, string header, string expected)
    {
        OpenApiService service = await Service(scheme, $$"""{{"\""}}security": [ { "{{scheme}}": [] } ]""");

        Asked asked = await _bench.Ask(service, "{}");

        Assert.Equal(expected, asked.Headers[header]);
        Assert.Equal(["SECRET"], service.Tools.Single().Options.Secrets);
    }

    [Fact]
    public async Task A_secret_in_the_query_is_encoded_and_last()
    {
        OpenApiService service = await Service("query", """
            "security": [ { "query": [] } ], "parameters": [ { "name": "q", "in": "query" }, { "name": "api_key", "in": "query", "required": true } ]
            """);

        Assert.Equal("?q=1&api_key=the-value%20of%20it%26more", (await _bench.Ask(service, """{ "q": 1 }""")).Query);
        // The parameter belongs to the operator: a script can neither set nor override it.
        Assert.Equal("TOOL_INVALID_ARGUMENTS", (await _bench.Fail(service, """{ "q": 1, "api_key": "mine" }""")).Code);
        Assert.Equal("TOOL_INVALID_ARGUMENTS", (await _bench.Fail(service, """{ "q": { "api_key": "mine" } }""")).Code);
    }

    [Theory]
    [InlineData("API_KEY")]
    [InlineData("api_key[]")]
    [InlineData("api_key[0]")]
    [InlineData("api_key.x")]
    [InlineData("api.key")]
    [InlineData("api key")]
    [InlineData("api-key")]
    [InlineData("apiKey")]
    [InlineData(" api_key ")]
    [InlineData("api%5Fkey")]
    [InlineData("api%255fkey")]
    [InlineData("api+key")]
    [InlineData("api_key\0x")]
    [InlineData("api_key\r\nx")]
    [InlineData("[api_key]")]
    [InlineData("api_\u212Aey")]
    [InlineData("\uFF41pi_key")]
    public async Task A_script_puts_nothing_before_a_secret_that_a_server_could_read_instead(string name)
    {
        OpenApiService service = await Service("query", """
            "security": [ { "query": [] } ], "parameters": [ { "name": "q", "in": "query" } ]
            """);

        (string? code, string message) = await _bench.Fail(
            service, new Dictionary<string, object?> { ["q"] = new Dictionary<string, object?> { [name] = "mine" } });

        Assert.Equal("TOOL_INVALID_ARGUMENTS", code);
        Assert.Contains("which is the operator's", message, StringComparison.Ordinal);
        Assert.Empty(_bench.Requests);
        // A name with the same beginning is another name.
        Assert.Equal("?api_key_id=1&api_keys=2&api_key=the-value%20of%20it%26more",
            (await _bench.Ask(service, """{ "q": { "api_key_id": 1, "api_keys": 2 } }""")).Query);
    }

    [Theory]
    [InlineData("API_KEY")]
    [InlineData("api-key")]
    [InlineData("api_key[]")]
    [InlineData("api_key%5B%5D")]
    public async Task A_document_cannot_declare_a_parameter_that_a_server_could_read_instead(string name)
    {
        OpenApiService service = await Service("query", $$"""
            "security": [ { "query": [] } ], "parameters": [ { "name": "{{name}}", "in": "query", "required": true } ]
            """);

        Assert.Equal("""{"type":"object","properties":{},"additionalProperties":false}""", service.Tools.Single().ArgumentsSchema.ToJsonString());
        Assert.Equal("?api_key=the-value%20of%20it%26more", (await _bench.Ask(service, "{}")).Query);
    }

    [Fact]
    public async Task A_bearer_token_has_no_rival_in_the_query()
    {
        OpenApiService service = await Service("bearer", """
            "security": [ { "bearer": [] } ], "parameters": [ { "name": "access_token", "in": "query" }, { "name": "q", "in": "query" } ]
            """);

        Assert.Equal("TOOL_INVALID_ARGUMENTS", (await _bench.Fail(service, """{ "access_token": "mine" }""")).Code);
        Assert.Equal("TOOL_INVALID_ARGUMENTS", (await _bench.Fail(service, """{ "q": { "Access-Token": "mine" } }""")).Code);
        Assert.Equal("?q=1", (await _bench.Ask(service, """{ "q": 1 }""")).Query);
    }

    [Theory]
    [InlineData("X_Api_Key")]
    [InlineData("x-api_key")]
    [InlineData("XApiKey")]
    [InlineData("X.Api.Key")]
    [InlineData("X_Forwarded_For")]
    [InlineData("X-Forwarded-Port")]
    [InlineData("Content_Length")]
    [InlineData("Transfer_Encoding")]
    [InlineData("AUTHORIZATION_")]
    [InlineData("Proxy")]
    [InlineData("X-Real-IP")]
    public async Task A_header_that_a_gateway_could_read_instead_is_not_a_scripts_to_give(string name)
    {
        OpenApiService service = await Service("key", $$"""
            "security": [ { "key": [] } ], "parameters": [ { "name": "{{name}}", "in": "header" }, { "name": "X-Other", "in": "header" } ]
            """);

        Assert.Equal("TOOL_INVALID_ARGUMENTS", (await _bench.Fail(service, new Dictionary<string, object?> { [name] = "mine" })).Code);
        Assert.Equal(("the-value of it&more", "1"),
            await _bench.Ask(service, """{ "X-Other": "1" }""") is var asked ? (asked.Headers["X-Api-Key"], asked.Headers["X-Other"]) : default);
    }

    [Fact]
    public async Task A_header_with_a_secret_is_not_a_scripts_to_give()
    {
        OpenApiService service = await Service("key", """
            "security": [ { "key": [] } ], "parameters": [ { "name": "x-api-key", "in": "header" } ]
            """);

        Assert.Equal("TOOL_INVALID_ARGUMENTS", (await _bench.Fail(service, """{ "x-api-key": "mine" }""")).Code);
        Assert.Equal("the-value of it&more", (await _bench.Ask(service, "{}")).Headers["X-Api-Key"]);
    }

    [Theory]
    [InlineData("\"security\": [ { \"oauth\": [] }, { \"key\": [] } ]", "X-Api-Key")]
    [InlineData("\"security\": [ {}, { \"key\": [] } ]", "X-Api-Key")]
    [InlineData("\"security\": [ { \"key\": [], \"oauth\": [] } ]", null)]
    [InlineData("\"security\": []", null)]
    [InlineData("", "X-Api-Key")]
    public async Task The_first_alternative_with_secrets_is_taken_and_the_documents_where_the_operation_has_none(string operation, string? header)
    {
        OpenApiService service = await _bench.Load(
            ServiceBench.Operation(operation, more: Schemes + "\"security\": [ { \"key\": [] } ],"), (options) =>
                options with { Secrets = new Dictionary<string, string> { ["key"] = "SECRET" } });

        Asked asked = await _bench.Ask(service, "{}");

        Assert.Equal(header is not null, asked.Headers.ContainsKey("X-Api-Key"));
        Assert.False(asked.Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task All_of_one_alternative_are_carried()
    {
        _bench.Secrets["OTHER"] = "token";
        OpenApiService service = await _bench.Load(
            ServiceBench.Operation("\"security\": [ { \"key\": [], \"oauth\": [] } ]", more: Schemes), (options) =>
                options with { Secrets = new Dictionary<string, string> { ["key"] = "SECRET", ["oauth"] = "OTHER" } });

        Asked asked = await _bench.Ask(service, "{}");

        Assert.Equal(("the-value of it&more", "Bearer token"), (asked.Headers["X-Api-Key"], asked.Headers["Authorization"]));
    }

    [Fact]
    public async Task A_document_without_schemes_has_one_secret_for_all()
    {
        OpenApiService service = await _bench.Load(
            ServiceBench.Operation(""), (options) => options with { Credential = HttpCredential.Header("X-Key", "SECRET") });

        Assert.Equal("the-value of it&more", (await _bench.Ask(service, "{}")).Headers["X-Key"]);
        Assert.Throws<ArgumentException>(() => HttpCredential.Header("Host", "SECRET"));
        Assert.Throws<ArgumentException>(() => HttpCredential.Header("a b", "SECRET"));
        Assert.Throws<ArgumentException>(() => HttpCredential.Bearer("../SECRET"));
    }

    [Theory]
    [InlineData("none", "no security scheme 'none'")]
    [InlineData("cookie", "'cookie' (apiKey in cookie) is none that can be used")]
    [InlineData("host", "'host' (apiKey in header) is none that can be used")]
    [InlineData("mtls", "'mtls' (mutualTLS) is none that can be used")]
    public async Task A_secret_for_a_scheme_that_cannot_be_used_is_refused(string scheme, string words)
    {
        OpenApiException fault = await Assert.ThrowsAsync<OpenApiException>(() => Service(scheme, ""));

        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_its_secret_a_call_is_not_made()
    {
        _bench.Secrets.Clear();
        OpenApiService service = await Service("key", "\"security\": [ { \"key\": [] } ]");

        Assert.Equal(("TOOL_SECRET_MISSING", "Missing required secret \"SECRET\" for tool \"s:op\""), await _bench.Fail(service, "{}"));
        Assert.Empty(_bench.Requests);
    }

    [Theory]
    [InlineData("line\nfeed")]
    [InlineData("naïve-secret")]
    public async Task A_secret_that_cannot_stand_in_a_header_is_told_by_its_name_only(string value)
    {
        _bench.Secrets["SECRET"] = value;
        OpenApiService service = await Service("key", "\"security\": [ { \"key\": [] } ]");

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => _bench.Call(service, "s:op", "{}"));

        Assert.StartsWith("the secret SECRET cannot stand in a header", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(value, fault.ToString(), StringComparison.Ordinal);
        Assert.Empty(_bench.Requests);
    }

    [Fact]
    public async Task An_operator_cannot_take_a_tools_secrets_away_by_mistake()
    {
        OpenApiService service = await _bench.Load(
            ServiceBench.Operation("\"security\": [ { \"key\": [] } ]", more: Schemes),
            (options) => options with { Secrets = new Dictionary<string, string> { ["key"] = "SECRET" }, Tool = (_, _) => new ToolOptions { MaxCalls = 3 } });

        Assert.Equal(["SECRET"], service.Tools.Single().Options.Secrets);
        Assert.Equal(3, service.Tools.Single().Options.MaxCalls);
    }

    [Fact]
    public async Task Half_a_secret_is_not_told_where_a_message_is_cut()
    {
        _bench.Answer = (_, _) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.BadRequest) { Content = new StringContent(new string('x', 495) + "the-value of it&more") });
        OpenApiService service = await Service("key", "\"security\": [ { \"key\": [] } ]");

        Assert.EndsWith("xxx***", (await _bench.Fail(service, "{}")).Message, StringComparison.Ordinal);
    }

    private Task<OpenApiService> Service(string scheme, string operation) =>
        _bench.Load(ServiceBench.Operation(operation, more: Schemes), (options) => options with
        {
            Secrets = new Dictionary<string, string> { [scheme] = "SECRET" },
        });
}
