using System.Net;
using Enclave.Cli.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Enclave.Cli.Metrics;

/// <summary>Serves GET /metrics on a port of its own, so that a firewall can allow access to metrics only.</summary>
internal sealed class MetricsServer : IAsyncDisposable
{
    private readonly MetricsPage? _page;
    private readonly WebApplication? _app;
    private readonly bool _isLoopback;

    /// <param name="address">The address to listen on; null for all.</param>
    /// <param name="port">0 for a free one; null for none, and then nothing is counted.</param>
    public MetricsServer(IPAddress? address, int? port)
    {
        if (port is not { } asked) return;
        _page = new MetricsPage();
        _app = SmallServer.Build(0, (kestrel) =>
        {
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Limits.KeepAliveTimeout = SmallServer.HeadTimeout;
            if (address is null) kestrel.ListenAnyIP(asked);
            else kestrel.Listen(address, asked);
        });
        _isLoopback = address is not null && IPAddress.IsLoopback(address);
        _app.Run(AnswerAsync);
    }

    /// <summary>The address of the metrics; null without them, or before the start.</summary>
    public string? Address => _app is not null && SmallServer.AddressOf(_app) is { } address ? $"{address}/metrics" : null;

    /// <summary>Starts to listen.</summary>
    /// <exception cref="IOException">The port is in use.</exception>
    public Task StartAsync(CancellationToken cancellationToken) => _app?.StartAsync(cancellationToken) ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync().ConfigureAwait(false);
        _page?.Dispose();
    }

    private Task AnswerAsync(HttpContext context)
    {
        if (_isLoopback && !LoopbackHosts.Names.Contains(context.Request.Host.Host))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return Task.CompletedTask;
        }

        if (context.Request.Path != "/metrics")
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        if (!HttpMethods.IsGet(context.Request.Method))
        {
            (context.Response.StatusCode, context.Response.Headers.Allow) = (StatusCodes.Status405MethodNotAllowed, "GET");
            return Task.CompletedTask;
        }

        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        return context.Response.WriteAsync(_page!.Read(), context.RequestAborted);
    }
}
