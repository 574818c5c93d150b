using System.Net;
using Enclave.Cli.Http;
using Enclave.Runtime.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Enclave.Cluster.Web;

/// <summary>An HTTP server on loopback with one handler.</summary>
internal sealed class LocalServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LocalServer(WebApplication app) => _app = app;

    public Uri Address => new(SmallServer.AddressOf(_app)!);

    /// <param name="port">0 for a free one.</param>
    /// <param name="maxConnections">Maximum number of authenticated connections (<see cref="UnauthenticatedConnections.Admit"/>).</param>
    /// <param name="maxBody">Maximum size of a request body in bytes; null leaves it to the reader.</param>
    /// <exception cref="IOException">The port is in use.</exception>
    public static async Task<LocalServer> StartAsync(int port, int maxConnections, long? maxBody, RequestDelegate answer, CancellationToken cancellationToken)
    {
        WebApplication app = SmallServer.Build(maxConnections, (kestrel) =>
        {
            kestrel.Limits.MaxRequestBodySize = maxBody;
            kestrel.Listen(IPAddress.Loopback, port);
        });
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
