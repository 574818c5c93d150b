using Enclave.Listening;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Enclave.Cli.Http;

/// <summary>
/// An HTTP server beside what a command is for: no configuration, no log, HTTP/1.1 alone, gone within a second. Connections that send half a request keep
/// nobody out.
/// </summary>
internal static class SmallServer
{
    private static readonly TimeSpan s_stop = TimeSpan.FromSeconds(1);

    /// <summary>How long it waits for the rest of a request's head.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Connections that have shown nothing yet: of all addresses, and of one.</summary>
    private const int MaxUnauthenticated = 1024, MaxUnauthenticatedPerAddress = 256;

    /// <summary>Connections that were closed and are not gone yet. Above this the server itself refuses.</summary>
    private const int SpareConnections = 4096;

    /// <param name="maxConnections">Connections that <see cref="UnauthenticatedConnections.Admit"/> let in.</param>
    /// <param name="configure">Says where it listens, and its other limits.</param>
    public static WebApplication Build(int maxConnections, Action<KestrelServerOptions> configure)
    {
        var unauthenticated = new UnauthenticatedConnections(MaxUnauthenticated, MaxUnauthenticatedPerAddress);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.Services.Configure<HostOptions>(static (host) => host.ShutdownTimeout = s_stop);
        builder.WebHost.UseKestrelCore().ConfigureKestrel((kestrel) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = maxConnections + MaxUnauthenticated + SpareConnections;
            kestrel.Limits.RequestHeadersTimeout = Patience;
            kestrel.ConfigureEndpointDefaults((listen) =>
            {
                listen.Protocols = HttpProtocols.Http1;
                unauthenticated.Guard(listen);
            });
            configure(kestrel);
        });
        return builder.Build();
    }

    /// <summary>Where it listens; null before it does.</summary>
    public static string? AddressOf(WebApplication app) => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
}
