using System.Net;
using System.Net.Sockets;

namespace Enclave.Cluster;

/// <summary>A free port of loopback that stays a server's: it is bound here and never listened on, so that the kernel gives it to nobody, and a server that sets SO_REUSEADDR, as all of these do, can still listen on it as often as it is started.</summary>
internal sealed class HeldPort : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public HeldPort() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public int Number => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public void Dispose() => _socket.Dispose();
}
