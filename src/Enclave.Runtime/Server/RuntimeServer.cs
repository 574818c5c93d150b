using System.Net;
using System.Security.Cryptography.X509Certificates;
using Enclave.Runtime.Options;
using Enclave.Runtime.Server;
using Enclave.Streaming;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Enclave.Runtime.Server;

/// <summary>The HTTP server: the socket on its paths, <c>/health</c>, <c>/health/live</c> and <c>/stats</c>. Independent of environment variables.</summary>
internal sealed class RuntimeServer : IAsyncDisposable
{
    /// <summary>Maximum number of unauthenticated connections: of all addresses, and of one. Each costs at most about 20 KB.</summary>
    private const int MaxUnauthenticated = 1024, MaxUnauthenticatedPerAddress = 256;

    /// <summary>Room for closed connections that still exist. Above this the server itself refuses.</summary>
    private const int SpareConnections = 4096;

    /// <summary>The longest time for a TLS handshake, for the head of a request, and between two requests.</summary>
    private static readonly TimeSpan s_head = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_stop = TimeSpan.FromSeconds(2);

    private readonly WebApplication _app;
    private readonly RuntimeWorkerOptions _options;
    private readonly UnauthenticatedConnections _unauthenticated = new(MaxUnauthenticated, MaxUnauthenticatedPerAddress);

    public RuntimeServer(RuntimeWorkerOptions options, SocketEndpoint sockets, StateEndpoint state)
    {
        _options = options;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(Configure);
        if (options.Security.IsEncrypted) builder.WebHost.UseKestrelHttpsConfiguration();
        _app = builder.Build();
        _app.Use((context, next) =>
        {
            if (context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade)
                context.Features.Set<IHttpUpgradeFeature>(new CountedUpgrade(upgrade, options.Connections.MaxMessagesPerSecond));
            return next(context);
        });
        _app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = options.Connections.KeepAliveInterval, KeepAliveTimeout = options.ConnectionTimeout });
        _app.Run((context) => Route(context, sockets, state));
    }

    /// <summary>The port it listens on.</summary>
    public int Port { get; private set; }

    /// <exception cref="IOException">The address is in use or does not belong to this machine.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _app.StartAsync(cancellationToken).ConfigureAwait(false);
        Port = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
    }

    public async ValueTask DisposeAsync()
    {
        using var deadline = new CancellationTokenSource(s_stop);
        try
        {
            await _app.StopAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The remaining connections are cut.
        }

        await _app.DisposeAsync().ConfigureAwait(false);
    }

    private Task Route(HttpContext context, SocketEndpoint sockets, StateEndpoint state)
    {
        string path = context.Request.Path.Value ?? "";
        if (path is "" or "/" or "/ws" || path == _options.WsPath) return sockets.HandleAsync(context);
        if (path is not ("/health" or "/health/ready" or "/health/live" or "/stats"))
            return Refusals.WriteAsync(context, StatusCodes.Status404NotFound, SessionCode.NotFound, "no such path; the socket is at / and /ws");
        if (HttpMethods.IsGet(context.Request.Method))
            return path switch { "/stats" => state.StatsAsync(context), "/health/live" => state.LiveAsync(context), _ => state.HealthAsync(context) };
        context.Response.Headers.Allow = "GET";
        return Refusals.WriteAsync(context, StatusCodes.Status405MethodNotAllowed, SessionCode.MethodNotAllowed, $"GET {path}");
    }

    private void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = _options.Connections.MaxConnections + MaxUnauthenticated + SpareConnections;
        // The table counts. A connection that gave its place to another needs a moment to close.
        kestrel.Limits.MaxConcurrentUpgradedConnections = _options.Connections.MaxConnections + SpareConnections;
        // No request needs a body.
        kestrel.Limits.MaxRequestBodySize = 0;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 << 10;
        kestrel.Limits.MaxRequestHeaderCount = 64;
        kestrel.Limits.RequestHeadersTimeout = Head;
        kestrel.Limits.KeepAliveTimeout = Head;
        foreach (IPAddress address in ListenAddress.Parse(_options.Host)) kestrel.Listen(address, _options.Port, Listen);
    }

    private TimeSpan Head => _options.ConnectionTimeout < s_head ? _options.ConnectionTimeout : s_head;

    private void Listen(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http1;
        _unauthenticated.Guard(listen);
        RuntimeSecurityOptions security = _options.Security;
        if (security.Handshake is { } handshake)
            listen.UseHttps(new TlsHandshakeCallbackOptions { HandshakeTimeout = Head, OnConnection = (_) => ValueTask.FromResult(handshake()) });
        if (security.Handshake is not null || security.ServerCertificate is null) return;
        listen.UseHttps(new HttpsConnectionAdapterOptions
        {
            ServerCertificate = security.ServerCertificate,
            HandshakeTimeout = Head,
            ClientCertificateMode = security.ClientAuthorities is null ? ClientCertificateMode.NoCertificate : ClientCertificateMode.RequireCertificate,
            ClientCertificateValidation = security.ClientAuthorities is null ? null : (certificate, _, _) => IsTrusted(certificate, security.ClientAuthorities),
        });
    }

    private static bool IsTrusted(X509Certificate2 certificate, X509Certificate2Collection authorities)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        // The operator maintains this list of authorities, and removes revoked ones.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}
