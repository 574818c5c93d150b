using System.Net;
using System.Net.Sockets;

namespace Enclave.OpenApi;

/// <summary>The default client of a service.</summary>
/// <param name="reach">The networks that its names may lead to.</param>
/// <param name="resolve">Resolves a name.</param>
internal sealed class ServiceClient(ServiceReach reach, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    /// <summary>Uses the machine's own resolver.</summary>
    public static HttpClient Make(ServiceReach reach) => new ServiceClient(reach, Dns.GetHostAddressesAsync).Make();

    /// <summary>
    /// Follows no redirect, keeps no cookie, decompresses nothing: the size of an answer is its real size, and it comes from the requested address.
    /// </summary>
    public HttpClient Make()
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            // A name may lead to other machines later.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            // Kilobytes.
            MaxResponseHeadersLength = 32,
            ConnectCallback = ConnectAsync,
        };
        // Each call has its own timeout.
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Checks the addresses of a name and connects to one of those checked: a second lookup could return others.</summary>
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken token)
    {
        DnsEndPoint to = context.DnsEndPoint;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // A proxy belongs to the operator and resolves names itself.
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
        context.InitialRequestMessage.RequestUri is not { } asked || asked.Port != context.DnsEndPoint.Port || !asked.IdnHost.Equals(
            context.DnsEndPoint.Host, StringComparison.OrdinalIgnoreCase);
}
