using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Enclave.Runtime.Server;

/// <summary>
/// Limits the connections of a listener that have not authenticated yet. Above the limit the oldest one is closed: an honest peer authenticates within
/// milliseconds, and an old connection has sent half a header, half a handshake, or nothing.
/// </summary>
/// <param name="most">Unauthenticated connections of all addresses. One more closes the oldest of the address that has the most.</param>
/// <param name="mostOfAddress">Unauthenticated connections of one address, or of one /64 network of IPv6. One more closes the oldest of that address.</param>
internal sealed class UnauthenticatedConnections(int most, int mostOfAddress)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, LinkedList<UnauthenticatedConnection>> _byAddress = [];
    private int _count;

    /// <summary>Installs the limit as the first step of a listener, so that TLS handshakes count as well.</summary>
    public void Guard(ListenOptions listen) => listen.Use((next) => (connection) => PassAsync(connection, next));

    /// <summary>Records that the peer of a request has authenticated: its connection is no longer closed to make room.</summary>
    public static void Admit(HttpContext context)
    {
        if (context.Features.Get<UnauthenticatedConnection>() is { } connection) connection.Owner.Remove(connection);
    }

    private async Task PassAsync(ConnectionContext context, ConnectionDelegate next)
    {
        var connection = new UnauthenticatedConnection(this, context, KeyOf(context.RemoteEndPoint));
        context.Features.Set(connection);
        Add(connection)?.Context.Abort(new ConnectionAbortedException("too many unauthenticated connections"));
        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            Remove(connection);
        }
    }

    /// <summary>Adds a connection. Returns the connection that must be closed to make room; null for none.</summary>
    private UnauthenticatedConnection? Add(UnauthenticatedConnection connection)
    {
        lock (_gate)
        {
            UnauthenticatedConnection? oldest = null;
            if (_byAddress.TryGetValue(connection.Address, out LinkedList<UnauthenticatedConnection>? own) && own.Count >= mostOfAddress)
                oldest = own.First!.Value;
            else if (_count >= most) oldest = _byAddress.Values.MaxBy((of) => of.Count)!.First!.Value;
            if (oldest is not null) Remove_NeedsLock(oldest);
            // The last connection of the address may just have ended.
            if (!_byAddress.TryGetValue(connection.Address, out own)) _byAddress[connection.Address] = own = [];
            own.AddLast(connection.Node);
            _count++;
            return oldest;
        }
    }

    private void Remove(UnauthenticatedConnection connection)
    {
        lock (_gate) Remove_NeedsLock(connection);
    }

    private void Remove_NeedsLock(UnauthenticatedConnection connection)
    {
        if (connection.Node.List is not { } own) return;
        own.Remove(connection.Node);
        if (own.Count == 0) _byAddress.Remove(connection.Address);
        _count--;
    }

    /// <summary>The key of an address. A machine may use any address of its IPv6 network, so the network is the key.</summary>
    private static IPAddress KeyOf(EndPoint? peer)
    {
        if (peer is not IPEndPoint { Address: var address }) return IPAddress.None;
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily != System.Net.Sockets.AddressFamily.InterNetworkV6) return address;
        byte[] bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }

    /// <summary>A connection that has not authenticated yet.</summary>
    private sealed class UnauthenticatedConnection
    {
        public UnauthenticatedConnection(UnauthenticatedConnections owner, ConnectionContext context, IPAddress address)
        {
            (Owner, Context, Address) = (owner, context, address);
            Node = new LinkedListNode<UnauthenticatedConnection>(this);
        }

        public UnauthenticatedConnections Owner { get; }

        public ConnectionContext Context { get; }

        public IPAddress Address { get; }

        /// <summary>Its node in the list of its address; in no list once it has authenticated or was closed.</summary>
        public LinkedListNode<UnauthenticatedConnection> Node { get; }
    }
}
