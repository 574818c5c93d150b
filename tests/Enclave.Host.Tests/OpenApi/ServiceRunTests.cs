using System.Net;
using Enclave.Host.Tests.Records;
using Enclave.Protocol;
using Enclave.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Enclave.Host.Tests.OpenApi;

/// <summary>Scripts that call a service.</summary>
public sealed class ServiceRunTests : IAsyncLifetime
{
    private const string Secret = "s3cr3t-of-the-operator";

    private static readonly string s_pets = ServiceBench.Document("""
        {
          "/pets": {
            "get": { "operationId": "list", "parameters": [ { "name": "limit", "in": "query", "schema": { "type": "integer" } } ],
              "security": [ { "key": [] } ],
              "responses": { "200": { "description": "", "content": { "application/json": { "schema": { "type": "array",
                "items": { "$ref": "#/components/schemas/Pet" } } } } } } },
            "post": { "operationId": "add", "summary": "Adds a pet.", "requestBody": { "required": true,
              "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Pet" } } } } }
          },
          "/pets/{id}": { "delete": { "operationId": "remove", "parameters": [ { "name": "id", "in": "path", "required": true,
            "schema": { "type": "integer" } } ] } }
        }
        """, """
        "components": { "securitySchemes": { "key": { "type": "apiKey", "in": "query", "name": "key" } },
          "schemas": { "Pet": { "type": "object", "required": ["name"], "properties": { "name": { "type": "string" },
            "mother": { "$ref": "#/components/schemas/Pet" }, "tag": { "type": "string", "nullable": true } } } } },
        """);

    private readonly ServiceBench _bench = new();
    private readonly LogLines _log = new();
    private readonly List<IAsyncDisposable> _hosts = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable host in _hosts) await host.DisposeAsync();
        _bench.Dispose();
    }

    [Fact]
    public async Task A_script_calls_operations_as_it_calls_any_tool()
    {
        _bench.Answer = (request, _) => Task.FromResult(request.Method.Method switch
        {
            "GET" => ServiceBench.Json("""[{ "name": "Rex", "tag": null }]"""),
            "DELETE" => ServiceBench.Json("""{ "title": "no such pet" }""", HttpStatusCode.NotFound),
            _ => ServiceBench.Json("", HttpStatusCode.Created),
        });
        EnclaveHost host = await Host();

        ExecutionResult result = await Run(host, """
            const [pet] = await callTool('pets:list', { limit: 1 });
            const added = await callTool('pets:add', { body: { name: 'Kit', mother: pet } });
            const refused = [];
            try { await callTool('pets:add', { body: { nome: 'Kit' } }) } catch (e) { refused.push(e.code + ': ' + e.message) }
            try { await callTool('pets:remove', { id: 7 }) } catch (e) { refused.push(e.code + ': ' + e.message) }
            return { pet, added, refused };
            """);

        Assert.Equal(
            """{"pet":{"name":"Rex","tag":null},"added":null,"refused":["TOOL_INVALID_ARGUMENTS: the arguments of pets:add do not fit: $.body.name is""" +
            """ missing; expected a string","HTTP_404: pets:remove failed: the service answered 404: no such pet"]}""",
            result.Value.ToJsonString());
        Assert.Equal(["GET /v1/pets?limit=1&key=s3cr3t-of-the-operator", "POST /v1/pets", "DELETE /v1/pets/7"], _bench.Requests.Select(
            (asked) => $"{asked.Method} {asked.Address.PathAndQuery}"));
        Assert.Equal("""{"name":"Kit","mother":{"name":"Rex","tag":null}}""", _bench.Requests[1].Body);
    }

    [Fact]
    public async Task A_model_is_told_the_shapes_and_nothing_of_secrets()
    {
        EnclaveHost host = await Host();

        string text = host.DescribeForModel(), json = host.DescribeForModel(ModelTextFormat.JsonSchema);

        Assert.Contains("declare function callTool(name: 'pets:list', args?: { limit?: number }): Promise<PetsListToolResult[]>;",
            text.Replace("\"", "'", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("Adds a pet. It writes, sends.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("KEY", text + json, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, text + json, StringComparison.Ordinal);
        Assert.DoesNotContain("api.example", text + json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_is_lost_is_a_failed_tool_and_a_line_in_the_log()
    {
        _bench.Answer = (_, _) => throw new HttpRequestException("Connection refused (api.example:443)");
        EnclaveHost host = await Host();

        ExecutionResult result = await Run(host, "try { await callTool('pets:list', {}) } catch (e) { return [e.code, e.message] }");

        Assert.Equal("""["TOOL_FAILED","pets:list failed"]""", result.Value.ToJsonString());
        Assert.Contains(_log.Faults, (fault) => fault.Contains("Connection refused", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_secret_that_a_service_says_back_reaches_nobody()
    {
        var sink = new MemorySink();
        var texts = new List<string>();
        Func<HttpResponseMessage>[] answers =
        [
            () => ServiceBench.Json($$"""{ "your": { "key": "{{Secret}}", "url": "https://api.example/v1/pets?key={{Secret}}" } }"""),
            () => ServiceBench.Json($$"""{ "detail": "key {{Secret}} is not known" }""", HttpStatusCode.Forbidden),
            () => throw new HttpRequestException($"no way to https://api.example/v1/pets?key={Secret}"),
            () => new HttpResponseMessage { Content = new StringContent($"<{Secret}>") },
            () => new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri($"https://login.example/?key={Secret}") } },
        ];
        await using (EnclaveHost host = await Host((options) =>
        {
            options.VerboseErrors = true;
            options.Audit = new AuditOptions { Sink = sink, Arguments = AuditArguments.Full };
        }))
        {
            foreach (Func<HttpResponseMessage> answer in answers)
            {
                _bench.Answer = (_, _) => Task.FromResult(answer());
                const string Code =
                    "try { const r = await callTool('pets:list', {}); console.log(JSON.stringify(r)); return r } catch (e) { console.log(e.message); throw e }";
                ExecutionResult result = await Within.Deadline(host.RunAsync(Code, new RunOptions { Record = true }), "answer");
                texts.AddRange([result.ToJsonString(), result.Recording!.ToJsonString()]);
                await foreach (ExecutionEvent happened in host.StreamAsync(Code)) texts.Add(happened.ToJsonString());
            }
        }

        texts.AddRange([.. sink.Records.Select((record) => record.ToString()), .. _log.Texts, .. _log.Faults]);
        Assert.Equal(10, _bench.Requests.Count((asked) => asked.Query.Contains(Secret, StringComparison.Ordinal)));
        Assert.DoesNotContain(texts, (text) => text.Contains(Secret, StringComparison.Ordinal));
        Assert.Contains(texts, (text) => text.Contains("pets?key=***", StringComparison.Ordinal));
        Assert.Contains(_log.Faults, (fault) => fault.Contains("pets?key=***", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_sequence_policy_judges_by_methods()
    {
        _bench.Answer = (_, _) => Task.FromResult(ServiceBench.Json("[]"));
        EnclaveHost host = await Host((options) => options.SequencePolicy = SequencePolicyOptions.Strict, (service) => service with
        {
            Tool = (operation, tool) => operation.Method == "GET" ? tool with { Labels = ["pii"], Resource = "pets" } : tool with { Resource = "pets" },
        });

        ExecutionResult result = await Run(host, """
            await callTool('pets:list', {});
            const codes = [];
            try { await callTool('pets:add', { body: { name: 'a' } }) } catch (e) { codes.push(e.code) }
            try { await callTool('pets:remove', { id: 1 }) } catch (e) { codes.push(e.code) }
            return codes;
            """);

        Assert.Equal("""["TOOL_SEQUENCE_BLOCKED","TOOL_SEQUENCE_BLOCKED"]""", result.Value.ToJsonString());
        Assert.Single(_bench.Requests);
    }

    [Fact]
    public async Task A_host_has_a_refreshed_services_tools_at_once_and_unchanged_ones_keep_their_counts()
    {
        _bench.Answer = (_, _) => Task.FromResult(ServiceBench.Json("1"));
        string file = _bench.Write(ServiceBench.Document("""{ "/a": { "get": {} }, "/b": { "get": {} } }"""));
        OpenApiService service = await _bench.Load(
            "{}", (options) => options with { Document = file, Tool = (_, tool) => tool with { RateLimit = new ToolRateLimit(2, TimeSpan.FromHours(1)) } });
        EnclaveOptions options = new EnclaveOptions { SequencePolicy = SequencePolicyOptions.Standard }.WithoutGuard();
        options.Tools.Add(service);
        var host = new EnclaveHost(options, _log);
        _hosts.Add(host);
        const string Script = "const out = []; for (const name of ['s:get_a', 's:get_b', 's:get_c']) { try { out.push(await callTool(name, " +
            "{})) } catch (e) { out.push(e.code) } } return out";

        Assert.Equal("""[1,1,"TOOL_UNKNOWN"]""", (await Run(host, Script)).Value.ToJsonString());
        await File.WriteAllTextAsync(file, ServiceBench.Document("""{ "/a": { "get": {} }, "/c": { "get": {} } }"""));
        await service.RefreshAsync();

        Assert.Equal("""[1,"TOOL_UNKNOWN",1]""", (await Run(host, Script)).Value.ToJsonString());
        Assert.Equal("""["TOOL_RATE_LIMITED","TOOL_UNKNOWN",1]""", (await Run(host, Script)).Value.ToJsonString());
        Assert.Contains("s:get_c", host.DescribeForModel(), StringComparison.Ordinal);
        Assert.DoesNotContain("s:get_b", host.DescribeForModel(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_application_reads_its_documents_before_it_starts_and_again_as_told()
    {
        string file = _bench.Write(ServiceBench.Document("""{ "/a": { "get": {} } }"""));
        OpenApiOptions service = _bench.Options("{}") with { Document = file, RefreshInterval = TimeSpan.FromMinutes(1) };
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<ILoggerFactory>(_log);
        builder.Services.AddEnclave();
        builder.Services.AddEnclaveOpenApi(service).AddEnclaveOpenApi(_bench.Options(ServiceBench.Operation("")) with { Name = "other" });
        using IHost application = builder.Build();
        await Within.Deadline(application.StartAsync(), "start");
        var enclave = application.Services.GetRequiredService<IEnclave>();

        Assert.Equal(["s", "other"], application.Services.GetServices<OpenApiService>().Select((one) => one.Name));
        Assert.Equal("{}",
            (await Within.Deadline(enclave.RunAsync("await callTool('other:op', {}); return await callTool('s:get_a', {})"), "answer")).Value.ToJsonString());
        await File.WriteAllTextAsync(file, "{");
        await Turn(() => _log.All.Any((line) => line.Id == 82), "a failed refresh was logged");
        Assert.Equal("{}", (await Within.Deadline(enclave.RunAsync("return await callTool('s:get_a', {})"), "answer")).Value.ToJsonString());
        await File.WriteAllTextAsync(file, ServiceBench.Document("""{ "/b": { "get": {} } }"""));
        await Turn(() => application.Services.GetServices<OpenApiService>().First().Tools[0].Name == "s:get_b", "the document was read again");
        await Within.Deadline(application.StopAsync(), "stop");

        Assert.Contains(_log.Texts, (text) => text == "The document of s gives 1 tools");

        Task Turn(Func<bool> condition, string what) => Within.Becomes(
            () =>
            {
                _bench.Time.Advance(TimeSpan.FromMinutes(1));
                return condition();
            },
            what);
    }

    [Fact]
    public async Task An_application_does_not_start_without_its_documents()
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddEnclave();
        builder.Services.AddEnclaveOpenApi(_bench.Options("{"));
        using IHost application = builder.Build();

        await Assert.ThrowsAsync<OpenApiException>(() => Within.Deadline(application.StartAsync(), "refusal"));
        Assert.Throws<OpenApiException>(
            () => new ServiceCollection().AddEnclaveOpenApi(_bench.Options("{}") with { Document = "http://plain.example/a.json" }));
    }

    private async Task<EnclaveHost> Host(Action<EnclaveOptions>? configure = null, Func<OpenApiOptions, OpenApiOptions>? service = null)
    {
        var options = new EnclaveOptions { Secrets = SecretSources.Of((name, _, _) => new ValueTask<string?>(name == "PETS_KEY" ? Secret : null)) };
        options.Tools.Add(await _bench.Load(
            s_pets, (given) => (service ?? ((same) => same))(given with { Name = "pets", Secrets = new Dictionary<string, string> { ["key"] = "PETS_KEY" } })));
        configure?.Invoke(options);
        var host = new EnclaveHost(options, _log);
        _hosts.Add(host);
        return host;
    }

    private static async Task<ExecutionResult> Run(EnclaveHost host, string code)
    {
        ExecutionResult result = await Within.Deadline(host.RunAsync(code), "answer");
        Assert.True(result.Success, result.Error?.Message);
        return result;
    }
}
