using System.Net;
using System.Net.Sockets;

namespace Enclave.Networks;

/// <summary>Makes connections within a reach.</summary>
/// <param name="reach">The networks that names may lead to.</param>
/// <param name="resolve">Resolves a name.</param>
internal sealed class NetworkConnector(NetworkReach reach, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    /// <summary>
    /// Follows no redirect, keeps no cookie, decompresses nothing: the size of an answer is its real size, and it comes from the requested address.
    /// </summary>
    public SocketsHttpHandler CreateHandler(TimeSpan connectTimeout) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = connectTimeout,
        // A name may lead to other machines later.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        // Kilobytes.
        MaxResponseHeadersLength = 32,
        ConnectCallback = ConnectAsync,
    };

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
