using Enclave.Runtime.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Enclave.Cli.Http;

/// <summary>
/// A small HTTP server beside a command's main work: without configuration and log, HTTP/1.1 only, and stopped within a second.
/// Connections that send half a request cannot keep others out.
/// </summary>
internal static class SmallServer
{
    /// <summary>Maximum number of unauthenticated connections: of all addresses, and of one.</summary>
    private const int MaxUnauthenticated = 1024, MaxUnauthenticatedPerAddress = 256;

    /// <summary>Room for closed connections that still exist. Above this the server itself refuses.</summary>
    private const int SpareConnections = 4096;

    private static readonly TimeSpan s_stop = TimeSpan.FromSeconds(1);

    /// <summary>How long it waits for the rest of a request's head.</summary>
    public static TimeSpan HeadTimeout { get; } = TimeSpan.FromSeconds(5);

    /// <param name="maxConnections">Maximum number of connections after <see cref="UnauthenticatedConnections.Admit"/>.</param>
    /// <param name="configure">Sets the addresses and further limits.</param>
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
            kestrel.Limits.RequestHeadersTimeout = HeadTimeout;
            kestrel.ConfigureEndpointDefaults((listen) =>
            {
                listen.Protocols = HttpProtocols.Http1;
                unauthenticated.Guard(listen);
            });
            configure(kestrel);
        });
        return builder.Build();
    }

    /// <summary>The address that it listens on; null before that.</summary>
    public static string? AddressOf(WebApplication app) => AddressesOf(app).FirstOrDefault();

    /// <summary>All addresses that a server listens on; none before its start.</summary>
    public static IEnumerable<string> AddressesOf(WebApplication app) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
}
