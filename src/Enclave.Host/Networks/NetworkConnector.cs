using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Enclave.Networks;

/// <summary>Makes connections within a reach.</summary>
/// <param name="reach">The networks that names may lead to.</param>
/// <param name="resolve">Resolves a name.</param>
internal sealed class NetworkConnector(NetworkReach reach, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    /// <summary>The kind of network to which the connection of a request was made, from its connection to the end of its handshake.</summary>
    private readonly ConditionalWeakTable<HttpRequestMessage, StrongBox<NetworkKind>> _reached = [];

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
        PlaintextStreamFilter = Remember,
    };

    /// <summary>Checks the addresses of a name and connects to one of those checked: a second lookup could return others.</summary>
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken token)
    {
        DnsEndPoint to = context.DnsEndPoint;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (IsProxy(context))
            {
                // A proxy belongs to the operator and resolves names itself.
                await socket.ConnectAsync(to, token).ConfigureAwait(false);
            }
            else
            {
                IPAddress[] allowed = reach.Allowed(to.Host, await resolve(to.Host, token).ConfigureAwait(false));
                await socket.ConnectAsync(allowed, to.Port, token).ConfigureAwait(false);
                _reached.AddOrUpdate(context.InitialRequestMessage, new StrongBox<NetworkKind>(NetworkReach.Of(allowed[0])));
            }

            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Remembers where a host was reached. .NET calls it when the connection can carry a request, after the handshake of TLS: a machine at a wrong address
    /// without the host's certificate is not remembered.
    /// </summary>
    private ValueTask<Stream> Remember(SocketsHttpPlaintextStreamFilterContext context, CancellationToken token)
    {
        HttpRequestMessage request = context.InitialRequestMessage;
        if (request.RequestUri is { } asked && _reached.TryGetValue(request, out StrongBox<NetworkKind>? reached)) reach.Remember(asked.IdnHost, reached.Value);
        return ValueTask.FromResult(context.PlaintextStream);
    }

    private static bool IsProxy(SocketsHttpConnectionContext context) =>
        context.InitialRequestMessage.RequestUri is not { } asked || asked.Port != context.DnsEndPoint.Port || !asked.IdnHost.Equals(
            context.DnsEndPoint.Host, StringComparison.OrdinalIgnoreCase);
}
