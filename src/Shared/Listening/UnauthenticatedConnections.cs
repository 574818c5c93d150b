using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Enclave.Listening;

/// <summary>
/// Bounds the connections of a listener that have not shown yet who they are. Where there are too many, the oldest of them is closed:
/// an honest peer shows itself within milliseconds, and what is oldest sends half a header or half a handshake, or nothing.
/// </summary>
/// <param name="most">Newcomers of all addresses. One more closes the oldest of the address that has the most.</param>
/// <param name="mostOfAddress">Newcomers of one address, or of one /64 network of IPv6. One more closes that address's oldest.</param>
internal sealed class Newcomers(int most, int mostOfAddress)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, LinkedList<Newcomer>> _byAddress = [];
    private int _count;

    /// <summary>Newcomers at this moment.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _count;
        }
    }

    /// <summary>Puts this before everything else on a listener: a TLS handshake counts as well.</summary>
    public void Guard(ListenOptions listen) => listen.Use((next) => (connection) => PassAsync(connection, next));

    /// <summary>The peer of a request has shown who it is: its connection is closed for no other any more.</summary>
    public static void Admit(HttpContext context)
    {
        if (context.Features.Get<Newcomer>() is { } newcomer) newcomer.Among.Remove(newcomer);
    }

    private async Task PassAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var newcomer = new Newcomer(this, connection, KeyOf(connection.RemoteEndPoint));
        connection.Features.Set(newcomer);
        Add(newcomer)?.Connection.Abort(new ConnectionAbortedException("too many connections that have not shown who they are"));
        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            Remove(newcomer);
        }
    }

    /// <summary>Adds one; the one that makes room for it, or null.</summary>
    private Newcomer? Add(Newcomer newcomer)
    {
        lock (_gate)
        {
            Newcomer? leaves = null;
            if (_byAddress.TryGetValue(newcomer.Address, out LinkedList<Newcomer>? own) && own.Count >= mostOfAddress) leaves = own.First!.Value;
            else if (_count >= most) leaves = _byAddress.Values.MaxBy((of) => of.Count)!.First!.Value;
            if (leaves is not null) RemoveNeedsLock(leaves);
            // The last of an address may just have left.
            if (!_byAddress.TryGetValue(newcomer.Address, out own)) _byAddress[newcomer.Address] = own = [];
            own.AddLast(newcomer.Node);
            _count++;
            return leaves;
        }
    }

    private void Remove(Newcomer newcomer)
    {
        lock (_gate) RemoveNeedsLock(newcomer);
    }

    private void RemoveNeedsLock(Newcomer newcomer)
    {
        if (newcomer.Node.List is not { } own) return;
        own.Remove(newcomer.Node);
        if (own.Count == 0) _byAddress.Remove(newcomer.Address);
        _count--;
    }

    /// <summary>One machine may take any address of its IPv6 network.</summary>
    private static IPAddress KeyOf(EndPoint? peer)
    {
        if (peer is not IPEndPoint { Address: var address }) return IPAddress.None;
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily != System.Net.Sockets.AddressFamily.InterNetworkV6) return address;
        byte[] bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }

    /// <summary>A connection that has not shown yet who it is.</summary>
    private sealed class Newcomer
    {
        public Newcomer(Newcomers among, ConnectionContext connection, IPAddress address)
        {
            (Among, Connection, Address) = (among, connection, address);
            Node = new LinkedListNode<Newcomer>(this);
        }

        public Newcomers Among { get; }

        public ConnectionContext Connection { get; }

        public IPAddress Address { get; }

        /// <summary>Its place among those of its address; in no list once it has shown itself or was closed.</summary>
        public LinkedListNode<Newcomer> Node { get; }
    }
}
