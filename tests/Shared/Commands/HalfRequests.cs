using System.Net.Sockets;
using System.Text;

namespace Enclave.Tests;

/// <summary>Connections that each send half a request and then wait.</summary>
internal sealed class HalfRequests : IDisposable
{
    private readonly List<Socket> _sockets = [];

    public static async Task<HalfRequests> AtAsync(Uri address, int count)
    {
        var all = new HalfRequests();
        for (int i = 0; i < count; i++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            all._sockets.Add(socket);
            await socket.ConnectAsync(address.Host, address.Port);
            await socket.SendAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: x\r\nX-Half: "));
        }

        return all;
    }

    public void Dispose() => _sockets.ForEach((socket) => socket.Dispose());
}
