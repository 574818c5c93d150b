using System.Net;
using System.Text;
using System.Text.Json;
using Enclave.Protocol;
using Enclave.Runs;
using Enclave.Testing;
using Enclave.Tests;
using Enclave.Tools;

namespace Enclave.Host.Tests.OpenApi;

/// <summary>Services from documents that a test writes, and the requests that they get.</summary>
internal sealed class ServiceBench : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("enclave-openapi-").FullName;
    private readonly List<IDisposable> _made = [];
    private readonly List<Asked> _asked = [];
    private int _documents;

    /// <summary>Every request that was sent, in order.</summary>
    public IReadOnlyList<Asked> Requests
    {
        get
        {
            lock (_asked) return [.. _asked];
        }
    }

    public ManualClock Time { get; } = new();

    /// <summary>The service's answer. Default: 200 and an empty JSON object.</summary>
    public Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> Answer { get; set; } = (_, _) => Task.FromResult(Json("{}"));

    /// <summary>The secrets of calls, by name.</summary>
    public Dictionary<string, string> Secrets { get; } = [];

    public static HttpResponseMessage Json(string text, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = new StringContent(text, Encoding.UTF8, "application/json") };

    /// <summary>The smallest document with these paths.</summary>
    public static string Document(string paths, string more = "") =>
        $$"""{ "openapi": "3.1.0", "info": { "title": "t", "version": "1" }, {{more}} "paths": {{paths}} }""";

    /// <summary>A document with one operation, <c>s:op</c>.</summary>
    public static string Operation(string operation, string path = "/op", string method = "get", string more = "") =>
        Document($$"""{ {{JsonSerializer.Serialize(path)}}: { "{{method}}": { "operationId": "op" {{(operation.Length == 0 ? "" : $", {operation}")}} } }""" +
            $$""" }""", more);

    public string Write(string text)
    {
        string file = Path.Combine(_folder, $"{_documents++}.json");
        File.WriteAllText(file, text);
        return file;
    }

    public OpenApiOptions Options(string document) => new()
    {
        Name = "s",
        Document = Write(document),
        BaseAddress = new Uri("https://api.example/v1"),
        HttpClient = Client,
        TimeProvider = Time,
    };

    public async Task<OpenApiService> Load(string document, Func<OpenApiOptions, OpenApiOptions>? change = null)
    {
        OpenApiOptions options = Options(document);
        OpenApiService service = await Within.Deadline(OpenApiService.LoadAsync(change is null ? options : change(options)), "document");
        _made.Add(service);
        return service;
    }

    /// <summary>Calls a tool as a host does: checks the arguments against their schema, and looks up the secrets.</summary>
    public async Task<ScriptValue> Call(OpenApiService service, string tool, object? arguments, CancellationToken token = default)
    {
        ToolDefinition definition = service.Tools.Single((candidate) => candidate.Name == tool);
        var context = new ToolContext(null, null, "test", token);
        ScriptValue given = arguments is string json ? ScriptValue.From(JsonDocument.Parse(json).RootElement) : ScriptValue.From(arguments);
        object? bound = ArgumentBinder.Bind(definition, given, new ArgumentWork(TimeSpan.FromMinutes(1)), context, verbose: false);
        ToolSecrets secrets = await SecretLookup.FindAsync(
            definition, SecretSources.Of((name, _, _) => new ValueTask<string?>(Secrets.GetValueOrDefault(name))), null, token);
        return (ScriptValue)(await Within.Deadline(definition.Body(bound, context.With(secrets), token), "answer"))!;
    }

    /// <summary>Calls <c>s:op</c> and returns the one request that it made.</summary>
    public async Task<Asked> Ask(OpenApiService service, object? arguments)
    {
        int before = Requests.Count;
        await Call(service, "s:op", arguments);
        Assert.Equal(before + 1, Requests.Count);
        return Requests[^1];
    }

    /// <summary>Calls <c>s:op</c>, which must fail. Returns code and message.</summary>
    public async Task<(string? Code, string Message)> Fail(OpenApiService service, object? arguments)
    {
        ToolException fault = await Assert.ThrowsAsync<ToolException>(() => Call(service, "s:op", arguments));
        return (fault.Code, fault.Message);
    }

    public HttpClient Client()
    {
        var client = new HttpClient(new Handler(this));
        lock (_made) _made.Add(client);
        return client;
    }

    public void Dispose()
    {
        foreach (IDisposable made in _made) made.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class Handler(ServiceBench bench) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            byte[]? body = request.Content is null ? null : await request.Content.ReadAsByteArrayAsync(cancellationToken);
            var headers = request.Headers.Concat(request.Content?.Headers.AsEnumerable() ?? [])
                .ToDictionary((header) => header.Key, (header) => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
            lock (bench._asked)
                bench._asked.Add(new Asked(request.Method.Method, request.RequestUri!, headers, body is null ? null : Encoding.UTF8.GetString(body)));
            HttpResponseMessage response = await bench.Answer(request, cancellationToken);
            response.RequestMessage ??= request;
            return response;
        }
    }
}
