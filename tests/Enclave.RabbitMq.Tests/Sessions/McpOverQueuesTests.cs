using System.Text.Json;
using Enclave.Broker.Tests;
using Enclave.RabbitMq.Tests.Servers;
using Enclave.Tests;

namespace Enclave.RabbitMq.Tests.Sessions;

/// <summary><c>/mcp</c> of a broker whose sessions run on runtimes behind a queue.</summary>
public sealed class McpOverQueuesTests(RabbitServer server) : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("enclave-mcp-queues-");
    private CliServer _runtime = null!, _broker = null!;
    private HttpClient _http = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        string file = Path.Combine(_folder.FullName, "queue");
        await File.WriteAllTextAsync(file, server.Fresh() + "\n");
        _runtime = await CliServer.Runtime("--queue-file", file);
        _broker = await CliServer.Broker(0, "--queue-file", file, "--level", "standard", "--tool", "crm:find=cat");
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = _broker.Address };
        await Within.Becomes(() => _http.GetAsync("/health").GetAwaiter().GetResult().IsSuccessStatusCode, "the broker sees its runtime");
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _broker.DisposeAsync();
        await _runtime.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_script_runs_on_the_runtime_and_calls_the_brokers_tools()
    {
        string session = await OpenAsync();

        JsonElement answer = await CallAsync(session, "console.log('hello'); return (await tools.crm.find({ name: 'Ada' })).name");
        JsonElement failure = await CallAsync(session, "return await callTool('crm:fnd', {})");
        JsonElement sessions = JsonElement.Parse(await _http.GetStringAsync("/sessions", Token)).GetProperty("sessions");

        Assert.Equal("""{"value":"Ada","console":"hello\n"}""", answer.GetProperty("structuredContent").GetRawText());
        Assert.Contains("crm:find", failure.GetProperty("structuredContent").GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, sessions.GetArrayLength());
    }

    [Fact]
    public async Task Eight_calls_at_once_get_each_their_own_answer()
    {
        string session = await OpenAsync();

        JsonElement[] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select((i) => CallAsync(session, $"return (await tools.crm.find({{ i: {i} }})).i")));

        Assert.Equal(Enumerable.Range(0, 8), answers.Select((answer) => answer.GetProperty("structuredContent").GetProperty("value").GetInt32()));
    }

    private async Task<string> OpenAsync()
    {
        using HttpResponseMessage opened = await PostAsync(null, """
            {"jsonrpc":"2.0","id":1,"method":"initialize","params":{
              "protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}
            """);
        opened.EnsureSuccessStatusCode();
        string session = opened.Headers.GetValues("Mcp-Session-Id").Single();
        using HttpResponseMessage ready = await PostAsync(session, """{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        ready.EnsureSuccessStatusCode();
        return session;
    }

    private async Task<JsonElement> CallAsync(string session, string code)
    {
        object call = new { jsonrpc = "2.0", id = Guid.NewGuid(), method = "tools/call", @params = new { name = "run_code", arguments = new { code } } };
        using HttpResponseMessage response = await PostAsync(session, JsonSerializer.Serialize(call));
        response.EnsureSuccessStatusCode();
        string text = await response.Content.ReadAsStringAsync(Token);
        // The answer is the stream's last event, unless it is the whole body.
        string message = text.Split('\n').LastOrDefault((line) => line.StartsWith("data: {", StringComparison.Ordinal))?["data: ".Length..] ?? text;
        return JsonElement.Parse(message).GetProperty("result");
    }

    private async Task<HttpResponseMessage> PostAsync(string? session, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp") { Content = BrokerApp.Json(body) };
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        if (session is not null) request.Headers.Add("Mcp-Session-Id", session);
        return await Within.Deadline(_http.SendAsync(request, Token), "answer of the broker");
    }
}
