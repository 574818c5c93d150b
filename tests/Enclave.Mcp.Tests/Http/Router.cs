using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Enclave.Mcp.Tests.Http;

/// <summary>A load balancer that remembers nothing: it sends each request to the next server.</summary>
internal sealed class Router : IAsyncDisposable
{
    private static readonly string[] s_headers = ["Accept", "Authorization", "Mcp-Protocol-Version", "Mcp-Method", "Mcp-Name", "Mcp-Session-Id"];

    private readonly WebApplication _app = LocalWeb.Builder().Build();
    private readonly HttpClient _http = new();
    private readonly Uri[] _servers;
    private readonly int[] _requests;
    private int _next;

    private Router(Uri[] servers) => (_servers, _requests) = (servers, new int[servers.Length]);

    public Uri Address { get; private set; } = null!;

    /// <summary>The requests that each server got.</summary>
    public IReadOnlyList<int> Requests => _requests;

    public static async Task<Router> StartAsync(params Uri[] servers)
    {
        var router = new Router(servers);
        router._app.Run(router.ForwardAsync);
        router.Address = new Uri(await LocalWeb.Start(router._app), "mcp");
        return router;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        int server = Interlocked.Increment(ref _next) % _servers.Length;
        Interlocked.Increment(ref _requests[server]);
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), _servers[server]);
        if (context.Request.ContentType is { } type)
        {
            request.Content = new StreamContent(context.Request.Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        foreach (string header in s_headers.Where(context.Request.Headers.ContainsKey))
            request.Headers.TryAddWithoutValidation(header, (string?)context.Request.Headers[header]);
        using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        (context.Response.StatusCode, context.Response.ContentType) = ((int)response.StatusCode, response.Content.Headers.ContentType?.ToString());
        await context.Response.StartAsync(context.RequestAborted);
        await using Stream body = await response.Content.ReadAsStreamAsync(context.RequestAborted);
        byte[] part = new byte[4_096];
        while (await body.ReadAsync(part, context.RequestAborted) is > 0 and var read)
        {
            await context.Response.Body.WriteAsync(part.AsMemory(0, read), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }
}
