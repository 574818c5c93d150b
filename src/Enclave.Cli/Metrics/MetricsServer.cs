using System.Net;
using Enclave.Cli.Serve;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Enclave.Cli.Metrics;

/// <summary>Answers GET /metrics on a port of its own, so that a network can let in who reads figures and nobody else.</summary>
internal sealed class MetricsServer : IAsyncDisposable
{
    private const int MaxConnections = 16;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10), s_stop = TimeSpan.FromSeconds(1);

    private readonly MetricsPage? _page;
    private readonly WebApplication? _app;

    /// <param name="address">Where to listen; null for everywhere.</param>
    /// <param name="port">0 takes a free one; null for none, and then nothing is counted either.</param>
    public MetricsServer(IPAddress? address, int? port)
    {
        if (port is not { } asked) return;
        if (asked > IPEndPoint.MaxPort) throw new UsageException($"--metrics-port is {asked}; its range is 0 to {IPEndPoint.MaxPort}.");
        _page = new MetricsPage();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.Services.Configure<HostOptions>(static (host) => host.ShutdownTimeout = s_stop);
        builder.WebHost.UseKestrelCore().ConfigureKestrel((kestrel) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Limits.RequestHeadersTimeout = kestrel.Limits.KeepAliveTimeout = s_patience;
            if (address is null) kestrel.ListenAnyIP(asked, Http1);
            else kestrel.Listen(address, asked, Http1);
        });
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>Where the figures are; null where there are none, or not yet.</summary>
    public string? Address => _app?.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() is { } address ? $"{address}/metrics" : null;

    /// <summary>Begins to answer.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public Task StartAsync(CancellationToken cancellationToken) => _app?.StartAsync(cancellationToken) ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync().ConfigureAwait(false);
        _page?.Dispose();
    }

    private Task AnswerAsync(HttpContext context)
    {
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

    private static void Http1(ListenOptions listen) => listen.Protocols = HttpProtocols.Http1;
}
