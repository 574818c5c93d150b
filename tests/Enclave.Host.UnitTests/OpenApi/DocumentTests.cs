using System.Diagnostics;
using System.Net;
using System.Text;
using Enclave.Schemas;
using Enclave.Tests;

namespace Enclave.Host.Tests.OpenApi;

/// <summary>Documents that are hostile, broken, or too large.</summary>
public sealed class DocumentTests : IDisposable
{
    private const string Text = """{ "type": "string" }""";

    private readonly ServiceBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("openapi: 3.1.0\npaths: {}", "YAML has to be made JSON")]
    [InlineData("[]", "does not say that it is OpenAPI")]
    [InlineData("{}", "does not say that it is OpenAPI")]
    [InlineData("""{ "openapi": 3.1 }""", "does not say that it is OpenAPI")]
    [InlineData("""{ "openapi": "4.0.0" }""", "does not say that it is OpenAPI")]
    [InlineData("""{ "swagger": "2.0" }""", "Swagger 2.0")]
    public async Task A_text_that_is_no_document_is_refused_with_the_remedy(string text, string words)
    {
        OpenApiException fault = await Assert.ThrowsAsync<OpenApiException>(() => _bench.Load(text));

        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3.0.3")]
    [InlineData("3.1.1")]
    [InlineData("3.2.0")]
    public async Task Three_versions_are_read(string version)
    {
        OpenApiService service = await _bench.Load($$"""{ "openapi": "{{version}}", "paths": { "/a": { "get": {} } } }""");

        Assert.Equal("s:get_a", service.Tools.Single().Name);
    }

    [Theory]
    [InlineData("""{ "openapi": "3.1.0" }""")]
    [InlineData("""{ "openapi": "3.1.0", "paths": [] }""")]
    [InlineData("""{ "openapi": "3.1.0", "paths": { "/a": null, "/b": [], "/c": { "get": 7, "post": null, "parameters": {} } } }""")]
    public async Task A_document_without_operations_gives_no_tools(string text) => Assert.Empty((await _bench.Load(text)).Tools);

    [Fact]
    public async Task A_document_is_only_so_large()
    {
        string large = ServiceBench.Document("{}", $"\"x-filler\": \"{new string('x', 5_000)}\",");

        OpenApiException fault = await Assert.ThrowsAsync<OpenApiException>(() => _bench.Load(large, (options) => options with { MaxDocumentBytes = 5_000 }));

        Assert.Contains("larger than 5000 bytes (MaxDocumentBytes)", fault.Message, StringComparison.Ordinal);
        Assert.Empty((await _bench.Load(large)).Tools);
    }

    [Theory]
    [InlineData("/dev/zero")]
    public async Task A_file_without_end_is_read_no_further(string file)
    {
        OpenApiException fault = await Assert.ThrowsAsync<OpenApiException>(
            () => _bench.Load("{}", (options) => options with { Document = file, MaxDocumentBytes = 1 << 20 }));

        Assert.Contains("larger than", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named()
    {
        OpenApiException fault = await Assert.ThrowsAsync<OpenApiException>(
            () => _bench.Load("{}", (options) => options with { Document = "/does/not/exist.json" }));

        Assert.Contains("the document of s is not to be had", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nesting_ends_the_reading_and_not_the_process()
    {
        OpenApiException fault = await Assert.ThrowsAsync<OpenApiException>(
            () => _bench.Load(ServiceBench.Document("{}", $"\"x\": {new string('[', 100_000)}{new string(']', 100_000)},")));

        Assert.Contains("nested deeper than 128", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Operations_are_only_so_many_and_may_be_chosen()
    {
        IEnumerable<string> paths = Enumerable.Range(0, 30).Select(
            (n) => $$"""{{"\""}}/a{{n}}": { "get": { "tags": ["{{(n % 10 == 0 ? "tens" : "others")}}"], "deprecated": {{(n == 20 ? "true" : "false")}} } }""");
        string document = ServiceBench.Document($"{{ {string.Join(", ", paths)} }}");

        OpenApiException fault = await Assert.ThrowsAsync<OpenApiException>(() => _bench.Load(document, (options) => options with { MaxOperations = 29 }));
        OpenApiService chosen = await _bench.Load(
            document, (options) => options with { MaxOperations = 2, Include = (operation) => operation.Tags.Contains("tens") && !operation.IsDeprecated });

        Assert.Contains("more than 29 operations", fault.Message, StringComparison.Ordinal);
        Assert.Equal(["s:get_a0", "s:get_a10"], chosen.Tools.Select((tool) => tool.Name));
        Assert.Equal(30, (await _bench.Load(document)).Tools.Count);
    }

    [Fact]
    public async Task Looking_at_operations_ends_too()
    {
        string document = ServiceBench.Document(
            $"{{ {string.Join(", ", Enumerable.Range(0, OpenApiLimits.OperationsSeen + 1).Select((n) => $"\"/a{n}\": {{ \"get\": {{}} }}"))} }}");

        OpenApiException fault = await Assert.ThrowsAsync<OpenApiException>(() => _bench.Load(document, (options) => options with { Include = (_) => false }));

        Assert.Contains($"more than {OpenApiLimits.OperationsSeen} operations", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>Each of these would be enormous if it were expanded.</summary>
    [Theory]
    [InlineData("wide")]
    [InlineData("doubling")]
    [InlineData("allOf")]
    [InlineData("deep")]
    [InlineData("enum")]
    [InlineData("names")]
    [InlineData("pointers")]
    public async Task A_schema_is_only_so_large(string kind)
    {
        string schemas = kind switch
        {
            "wide" => Shape("A", Joined(20_000, (n) => Member($"p{n}", Text)), ", \"additionalProperties\": false"),
            "doubling" => Joined(60, (n) => Shape(Nth(n), $"{Member("l", Reference(Nth(n + 1)))}, {Member("r", Reference(Nth(n + 1)))}")),
            "allOf" => Joined(60, (n) => Member(Nth(n), $$"""
                { "type": "object", "allOf": [ {{Reference(Nth(n + 1))}}, {{Reference(Nth(n + 2))}}, { "type": "object", "properties": { "p{{n}}": {} } } ] }
                """)),
            "deep" => Member("A", string.Concat(Enumerable.Repeat("""{ "type": "array", "items": """, 55)) + "{}" + new string('}', 55)),
            "enum" => Shape("A", Joined(300, (n) => Member($"p{n}", $$"""{ "enum": [ {{Joined(100, (m) => $"\"{new string('x', 400)}{m}\"")}} ] }"""))),
            "names" => $"{Shape("A", Joined(4_000, (n) => Member($"p{n}", Reference(Long(n)))))}, {Joined(4_000, (n) => Member(Long(n), Text))}",
            _ => Shape("A", Joined(4_000, (n) => Member($"p{n}", $$"""{ "$ref": "#/x-far/{{n}}" }"""))) + """ }, "x-far": { """ +
                Joined(4_000, (n) => Member($"{n}", Text)),
        };
        string document = ServiceBench.Operation(
            """
            "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/A" } } } }
            """,
            method: "post",
            more: $$"""
            "components": { "schemas": { {{schemas}} } },
            """);
        long began = Stopwatch.GetTimestamp();

        OpenApiService? service = null;
        string schema = "";
        long allocated = await Allocations.OfProcess(async () =>
        {
            service = await _bench.Load(document, (options) => options with { MaxDocumentBytes = 64 << 20 });
            schema = service.Tools.SingleOrDefault()?.ArgumentsSchema.ToJsonString() ?? "";
        });

        Assert.True(schema.Length < 400_000, $"{schema.Length} characters");
        // A few times the document's size, plus the memory of parallel tests; far less than the expanded document.
        Assert.True(allocated < (20L * document.Length) + (64 << 20), $"{allocated} bytes for a document of {document.Length}");
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(20), $"{Stopwatch.GetElapsedTime(began)}");
        if (kind == "allOf")
        {
            // More parts hold for one value, one in the other, than a check follows.
            Assert.Contains("through more than 64 parts", Assert.Single(service!.Skipped), StringComparison.Ordinal);
            return;
        }

        // Deeper levels accept anything: the service checks them.
        string body = kind == "deep" ? "[]" : "{}";
        Assert.Equal(body, (await _bench.Ask(service!, $$"""{ "body": {{body}} }""")).Body);
    }

    [Fact]
    public async Task Words_of_a_document_are_lines_of_text()
    {
        OpenApiService service = await _bench.Load(
            ServiceBench.Operation($"\"summary\": \"Get\\nit \\u001b[31m now.\", \"description\": \"{new string('y', 5_000)}\""));

        Assert.Equal($"Get it [31m now. {new string('y', 983)}…", service.Tools.Single().Description);
        Assert.Equal("GET /op.", (await _bench.Load(ServiceBench.Operation(""))).Tools.Single().Description);
        Assert.Equal("Gets a pet by its id.",
            (await _bench.Load(ServiceBench.Operation("\"summary\": \"Gets a pet\", \"description\": \"Gets a pet by its id.\""))).Tools.Single().Description);
    }

    [Theory]
    [InlineData("https://{region}.pets.example/v1/", "https://eu.pets.example/v1")]
    [InlineData("https://eu.pets.example/v1", "https://other.example", "https://{region}.pets.example/v1")]
    [InlineData("https://other.example", "https://api.example/v1")]
    [InlineData("https://other.example")]
    [InlineData("//shop.local/v2", "https://shop.local/v2")]
    [InlineData("https://shop.local", "//shop.local/")]
    public async Task An_operation_that_repeats_the_servers_of_its_document_is_a_tool(string server, params string[] repeated)
    {
        string list = string.Join(", ", repeated.Select(Server));
        OpenApiService service = await _bench.Load(ServiceBench.Document(
            $$"""{ "/a": { "servers": [ {{list}} ], "get": {} }, "/b": { "get": { "servers": [ {{list}} ] } } }""", $"\"servers\": [ {Server(server)} ],"));

        Assert.Equal(["s:get_a", "s:get_b"], service.Tools.Select((tool) => tool.Name));
        Assert.Equal((0, ""), (service.Skipped.Count, service.WhySkipped));
        await _bench.Call(service, "s:get_a", new { });
        Assert.Equal("https://api.example/v1/a", _bench.Requests.Single().Address.AbsoluteUri);

        static string Server(string url) => $$"""{ "url": "{{url}}", "variables": { "region": { "default": "eu" } } }""";
    }

    [Fact]
    public async Task Operations_that_differ_by_a_fragment_ask_for_the_path_alone()
    {
        OpenApiService service = await _bench.Load(ServiceBench.Document("""
            { "/orders#search": { "get": {} }, "/#X-Target=Db.Get": { "post": { "operationId": "Get" } }, "/{id}#x": { "get": { "parameters":
              [ { "name": "id", "in": "path", "required": true } ] } } }
            """));

        Assert.Equal(["s:get_orders_search", "s:Get", "s:get_id_x"], service.Tools.Select((tool) => tool.Name));
        await _bench.Call(service, "s:get_orders_search", new { });
        await _bench.Call(service, "s:Get", new { });
        await _bench.Call(service, "s:get_id_x", new { id = "a#b" });
        Assert.Equal(
            ["https://api.example/v1/orders", "https://api.example/v1/", "https://api.example/v1/a%23b"],
            _bench.Requests.Select((request) => request.Address.AbsoluteUri));
    }

    [Fact]
    public async Task Operations_that_are_left_out_are_counted_by_their_reasons()
    {
        string[] paths =
        [
            """ "/ok": { "get": {} } """, .. Enumerable.Range(0, 600).Select((i) => $$""" "/{{i}}": { "servers": [ { "url": "https://x" } ], "get": {} } """),
            """ "/x?y": { "get": {} } """,
        ];
        OpenApiService service = await _bench.Load(ServiceBench.Document($"{{ {string.Join(',', paths)} }}"));

        Assert.Equal(
            "601 operations are left out: it has servers of its own (600), its path cannot be filled in without a doubt (1)", service.WhySkipped);
        Assert.Equal(500, service.Skipped.Count);
    }

    [Theory]
    [InlineData("constructor")]
    [InlineData("prototype")]
    [InlineData("__proto__")]
    public async Task A_tool_has_no_name_that_a_script_cannot_read(string name)
    {
        OpenApiService service = await _bench.Load(ServiceBench.Document($$"""{ "/a": { "get": { "operationId": "{{name}}" } } }"""));

        Assert.Contains(service.Tools.Single().Name, (string[])["s:get_a", "s:proto"]);
    }

    [Theory]
    [InlineData("/a/../b", "", "its path cannot be filled in without a doubt")]
    [InlineData("/a?x=1", "", "its path cannot be filled in without a doubt")]
    [InlineData("/a%2fb", "", "its path cannot be filled in without a doubt")]
    [InlineData("/a\\\\b", "", "its path cannot be filled in without a doubt")]
    [InlineData("/{a", "", "its path cannot be filled in without a doubt")]
    [InlineData("no/slash", "", "its path cannot be filled in without a doubt")]
    [InlineData("/a/{id}", "", "its path's {id} is not described")]
    [InlineData("/a", "\"servers\": [ { \"url\": \"https://other.example\" } ]", "it has servers of its own")]
    [InlineData("/a", "\"servers\": [ { \"url\": \"https://api.example/v2\" } ]", "it has servers of its own")]
    [InlineData("/a", "\"requestBody\": { \"required\": true, \"content\": { \"application/pdf\": {} } }", "its body is neither JSON, a form nor text")]
    [InlineData("/a", "\"requestBody\": { \"$ref\": \"#/nowhere\" }", "its body's reference leads nowhere")]
    [InlineData("/a", "\"parameters\": [ { \"name\": \"c\", \"in\": \"cookie\", \"required\": true } ]", "its parameter c (cookie) cannot be given")]
    [InlineData(
        "/a", "\"parameters\": [ { \"name\": \"m\", \"in\": \"query\", \"style\": \"odd\", \"required\": true } ]", "its parameter m (query) cannot be given")]
    [InlineData("/a", "\"parameters\": [ { \"$ref\": \"#/nowhere\" } ]", "one of its parameters is not described")]
    public async Task An_operation_that_cannot_be_a_tool_is_reported(string path, string operation, string why)
    {
        OpenApiService service = await _bench.Load(ServiceBench.Document($$"""{ "{{path}}": { "post": { {{operation}} } }, "/good": { "get": {} } }"""));

        Assert.Equal(["s:get_good"], service.Tools.Select((tool) => tool.Name));
        Assert.EndsWith($": {why}", Assert.Single(service.Skipped), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Optional_things_that_cannot_be_given_are_left_out()
    {
        OpenApiService service = await _bench.Load(ServiceBench.Operation("""
            "parameters": [ { "name": "c", "in": "cookie" }, { "name": "m", "in": "query", "style": "odd" } ],
            "requestBody": { "content": { "application/xml": {} } }
            """, method: "post"));

        Assert.Equal("""{"type":"object","properties":{},"additionalProperties":false}""", service.Tools.Single().ArgumentsSchema.ToJsonString());
    }

    [Fact]
    public async Task A_document_comes_from_an_address_once_and_directly()
    {
        _bench.Answer = (request, _) => Task.FromResult(request.RequestUri!.AbsolutePath switch
        {
            "/good.json" => ServiceBench.Json(ServiceBench.Operation("")),
            "/moved.json" => new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri("https://evil.example/") } },
            "/large.json" => new HttpResponseMessage { Content = new StreamContent(new Endless()) },
            _ => new HttpResponseMessage(HttpStatusCode.NotFound),
        });

        Assert.Single((await Load("https://docs.example/good.json")).Tools);
        Assert.Contains("answered 302, a redirect, which is not followed", (await Fault("https://docs.example/moved.json")).Message, StringComparison.Ordinal);
        Assert.Contains("answered 404", (await Fault("https://docs.example/none.json")).Message, StringComparison.Ordinal);
        Assert.Contains("larger than", (await Fault("https://docs.example/large.json")).Message, StringComparison.Ordinal);
        Assert.Contains("without TLS", (await Fault("http://docs.example/good.json")).Message, StringComparison.Ordinal);
        Assert.Equal(4, _bench.Requests.Count);

        Task<OpenApiService> Load(string address) => _bench.Load("{}", (options) => options with { Document = address, MaxDocumentBytes = 1 << 20 });

        Task<OpenApiException> Fault(string address) => Assert.ThrowsAsync<OpenApiException>(() => Load(address));
    }

    [Fact]
    public async Task A_document_that_does_not_come_is_waited_for_no_longer_than_its_time()
    {
        _bench.Answer = async (_, token) =>
        {
            _bench.Time.Advance(TimeSpan.FromSeconds(5));
            await new TaskCompletionSource().Task.WaitAsync(token);
            return null!;
        };

        OpenApiException fault = await Assert.ThrowsAsync<OpenApiException>(
            () => _bench.Load("{}", (options) => options with { Document = "https://docs.example/a.json", Timeout = TimeSpan.FromSeconds(5) }));

        Assert.Contains("had not come after 5 s (Timeout)", fault.Message, StringComparison.Ordinal);
    }

    private static string Joined(int count, Func<int, string> one) => string.Join(", ", Enumerable.Range(0, count).Select(one));


    private static string Member(string name, string schema) => $"\"{name}\": {schema}";

    private static string Shape(string name, string properties, string more = "") =>
        Member(name, $$"""{ "type": "object", "properties": { {{properties}} }{{more}} }""");

    private static string Reference(string name) => $$"""{ "$ref": "#/components/schemas/{{name}}" }""";

    private static string Nth(int n) => n == 0 ? "A" : $"D{n}";

    private static string Long(int n) => $"{new string('_', 1 + (n % 60))}{n}";

    private sealed class Endless : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            buffer.AsSpan(offset, count).Fill((byte)' ');
            return count;
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
