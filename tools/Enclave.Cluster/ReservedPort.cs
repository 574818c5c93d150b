using System.Net;
using System.Net.Sockets;

namespace Enclave.Cluster;

/// <summary>
/// Reserves a free port of loopback for a server that may be restarted: the port is bound here without listening, so that the kernel assigns it to nobody
/// else, and a server with SO_REUSEADDR, which all of these use, can still listen on it.
/// </summary>
internal sealed class ReservedPort : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public ReservedPort() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public int Number => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public void Dispose() => _socket.Dispose();
}
