using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Enclave.Cli.Serve;

/// <summary>An HTTP server beside what a command is for: no configuration, no log, HTTP/1.1 alone, gone within a second.</summary>
internal static class SmallServer
{
    private static readonly TimeSpan s_stop = TimeSpan.FromSeconds(1);

    /// <summary>How long it waits for the rest of a request's head.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(10);

    /// <param name="configure">Says where it listens, and its other limits.</param>
    public static WebApplication Build(Action<KestrelServerOptions> configure)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.Services.Configure<HostOptions>(static (host) => host.ShutdownTimeout = s_stop);
        builder.WebHost.UseKestrelCore().ConfigureKestrel((kestrel) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.RequestHeadersTimeout = Patience;
            configure(kestrel);
        });
        return builder.Build();
    }

    public static void Http1(ListenOptions listen) => listen.Protocols = HttpProtocols.Http1;

    /// <summary>Where it listens; null before it does.</summary>
    public static string? AddressOf(WebApplication app) => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
}
