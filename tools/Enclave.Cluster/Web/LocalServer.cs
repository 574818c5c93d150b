using System.Net;
using Enclave.Cli.Http;
using Enclave.Listening;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Enclave.Cluster.Web;

/// <summary>An HTTP server on loopback that asks one function.</summary>
internal sealed class LocalServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LocalServer(WebApplication app) => _app = app;

    public Uri Address => new(SmallServer.AddressOf(_app)!);

    /// <param name="port">0 takes a free one.</param>
    /// <param name="maxConnections">Connections whose peers have shown who they are (<see cref="UnauthenticatedConnections.Admit"/>).</param>
    /// <param name="maxBody">Bytes of a request's body; null leaves it to who reads it.</param>
    /// <exception cref="IOException">The port is taken.</exception>
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
