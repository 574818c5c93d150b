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

namespace Enclave.Cli.Cluster.Web;

/// <summary>An HTTP server on loopback that asks one function.</summary>
internal sealed class LocalServer : IAsyncDisposable
{
    private static readonly TimeSpan s_stop = TimeSpan.FromSeconds(1), s_headers = TimeSpan.FromSeconds(10);

    private readonly WebApplication _app;

    private LocalServer(WebApplication app) => _app = app;

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <param name="port">0 takes a free one.</param>
    /// <param name="maxConnections">More are refused.</param>
    /// <param name="maxBody">Bytes of a request's body; null leaves it to who reads it.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<LocalServer> StartAsync(int port, int maxConnections, long? maxBody, RequestDelegate answer, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.Services.Configure<HostOptions>(static (host) => host.ShutdownTimeout = s_stop);
        builder.WebHost.UseKestrelCore().ConfigureKestrel((kestrel) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = maxConnections;
            kestrel.Limits.MaxRequestBodySize = maxBody;
            kestrel.Limits.RequestHeadersTimeout = s_headers;
            kestrel.Listen(IPAddress.Loopback, port, static (listen) => listen.Protocols = HttpProtocols.Http1);
        });
        WebApplication app = builder.Build();
        app.Run(answer);
        await app.StartAsync(cancellationToken).ConfigureAwait(false);
        return new LocalServer(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync().ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
    }
}
