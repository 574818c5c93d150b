using System.Net;
using System.Net.Sockets;

namespace Enclave.OpenApi;

/// <summary>The client of a service that has none of the application's.</summary>
/// <param name="reach">Where its names may lead.</param>
/// <param name="resolve">Gives the addresses of a name.</param>
internal sealed class ServiceClient(ServiceReach reach, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    /// <summary>With the machine's own resolver.</summary>
    public static HttpClient Make(ServiceReach reach) => new ServiceClient(reach, Dns.GetHostAddressesAsync).Make();

    /// <summary>No redirect is followed, no cookie kept, nothing unpacked: an answer is as large as it is, and comes from whoever was asked.</summary>
    public HttpClient Make()
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            // Names may lead to other machines after a while.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            // Kilobytes.
            MaxResponseHeadersLength = 32,
            ConnectCallback = ConnectAsync,
        };
        // Each call has a time of its own.
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Looks at the addresses of a name and connects to one of those that it looked at: a second look could give others.</summary>
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken token)
    {
        DnsEndPoint to = context.DnsEndPoint;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // A proxy is the operator's, and resolves names itself.
            if (IsProxy(context)) await socket.ConnectAsync(to, token).ConfigureAwait(false);
            else await socket.ConnectAsync(reach.Allowed(to.Host, await resolve(to.Host, token).ConfigureAwait(false)), to.Port, token).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool IsProxy(SocketsHttpConnectionContext context) =>
        context.InitialRequestMessage.RequestUri is not { } asked || asked.Port != context.DnsEndPoint.Port || !asked.IdnHost.Equals(context.DnsEndPoint.Host, StringComparison.OrdinalIgnoreCase);
}
