using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Enclave.Mcp.AspNetCore;
using Enclave.Testing;
using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Enclave.Mcp.Tests.Http;

/// <summary>An application with an MCP server, on a free port of this machine.</summary>
internal sealed class McpApp : IAsyncDisposable
{
    public const string AnnsToken = "token-of-ann-0123456789", BobsToken = "token-of-bob-0123456789", OtherTenantsToken = "token-of-ann-elsewhere-01";

    public const string Accepted = "application/json, text/event-stream";

    public const string Initialize = """
        {"jsonrpc":"2.0","id":1,"method":"initialize","params":{
          "protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}
        """;

    private readonly WebApplication _app;
    private readonly TaskCompletionSource _called = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private int _paid;

    private McpApp(WebApplication app) => _app = app;

    public Uri Address { get; private set; } = null!;

    public HttpClient Http { get; } = new() { Timeout = TimeSpan.FromSeconds(60) };

    public LogLines Log { get; private init; } = null!;

    /// <summary>The host of its scripts.</summary>
    public IEnclave Enclave => _app.Services.GetRequiredService<IEnclave>();

    /// <summary>Calls of <c>orders:pay</c>.</summary>
    public int Paid => Volatile.Read(ref _paid);

    /// <summary>Completes when a script has called the tool <c>wait</c>.</summary>
    public Task Called => _called.Task;

    /// <summary>Completes when such a call was cancelled.</summary>
    public Task Stopped => _stopped.Task;

    /// <summary>Ends the calls of <c>wait</c>.</summary>
    public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<McpApp> StartAsync(
        Action<McpEndpointOptions>? configure = null, ManualClock? clock = null, bool hasTokens = false, Action<EnclaveOptions>? host = null,
        Action<WebApplication>? before = null)
    {
        var log = new LogLines();
        WebApplicationBuilder builder = LocalWeb.Builder();
        builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Debug);
        if (clock is not null) builder.Services.AddSingleton<TimeProvider>(clock);
        if (hasTokens)
            builder.Services.AddEnclaveBrokerTokens(
                (tokens) => tokens.Add(AnnsToken, "ann", "north").Add(BobsToken, "bob").Add(OtherTenantsToken, "ann", "south"));
        builder.Services.AddEnclaveMcp(configure);
        McpApp? app = null;
        builder.Services.Configure<EnclaveOptions>((options) =>
        {
            options.WorkerPool = WorkerPoolPresets.For(SecurityLevel.Standard) with { MinWorkers = 1, MaxWorkers = 2 };
            options.Tools
                .Add("orders:list", (int limit) => Enumerable.Range(1, limit), new ToolOptions { Description = "Lists orders, newest first." })
                .Add("orders:pay", (int id) => app!.Pay(id), new ToolOptions { Description = "Pays an order.", RequiresApproval = true })
                .Add("tenant", (ToolContext context) => context.Tenant ?? "none")
                .Add("wait", (CancellationToken token) => app!.WaitAsync(token));
            host?.Invoke(options);
        });
        WebApplication web = builder.Build();
        before?.Invoke(web);
        RouteGroupBuilder routes = web.MapEnclaveMcp();
        _ = hasTokens ? routes.RequireAuthorization() : routes.AllowAnonymous();
        app = new McpApp(web) { Log = log };
        app.Address = new Uri(await LocalWeb.Start(web), "mcp");
        return app;
    }

    /// <summary>Opens a session and gives its id.</summary>
    public async Task<string> OpenAsync(string? token = null)
    {
        using HttpResponseMessage response = await InitializeAsync(token);
        Assert.Equal(200, (int)response.StatusCode);
        // To its end: until then it counts among the requests of the session.
        await Answers.EventsAsync(response);
        return response.Headers.GetValues("Mcp-Session-Id").Single();
    }

    public Task<HttpResponseMessage> InitializeAsync(string? token = null) => PostAsync(
        Initialize,
        null,
        token);

    /// <summary>Runs a script in a session.</summary>
    public Task<HttpResponseMessage> RunAsync(string code, string session, string? token = null, int id = 2) => PostAsync(
        new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = id,
            ["method"] = "tools/call",
            ["params"] = new JsonObject { ["name"] = "run_code", ["arguments"] = new JsonObject { ["code"] = code } },
        }.ToJsonString(),
        session,
        token);

    public async Task<HttpResponseMessage> PostAsync(string body, string? session, string? token = null, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        return await SendAsync(request, session, token, change);
    }

    public async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, string? session, string? token = null, Action<HttpRequestMessage>? change = null)
    {
        request.Headers.TryAddWithoutValidation("Accept", Accepted);
        if (session is not null) request.Headers.TryAddWithoutValidation("Mcp-Session-Id", session);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        change?.Invoke(request);
        return await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
    }

    /// <summary>Continues a stream.</summary>
    public async Task<HttpResponseMessage> ResumeAsync(string lastEvent, string session, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);
        return await SendAsync(request, session, token, (asked) => asked.Headers.TryAddWithoutValidation("Last-Event-ID", lastEvent));
    }

    public async Task<HttpResponseMessage> DeleteAsync(string session, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, Address);
        return await SendAsync(request, session, token);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Gate.TrySetResult();
        await _app.DisposeAsync();
    }

    private string Pay(int id)
    {
        Interlocked.Increment(ref _paid);
        return $"paid {id}";
    }

    private async Task<string> WaitAsync(CancellationToken token)
    {
        _called.TrySetResult();
        try
        {
            await Gate.Task.WaitAsync(token);
            return "waited";
        }
        catch (OperationCanceledException)
        {
            _stopped.TrySetResult();
            throw;
        }
    }
}
