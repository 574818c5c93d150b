using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Enclave.Runtime.Tests.Security;

/// <summary>A peer that speaks the protocol by hand and reads nothing.</summary>
internal sealed class RawPeer : IDisposable
{
    private readonly TcpClient _socket;

    private RawPeer(TcpClient socket) => _socket = socket;

    public static async Task<RawPeer> ConnectAsync(int port)
    {
        // As little as possible waits in the system's own buffers.
        var socket = new TcpClient { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var peer = new RawPeer(socket);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"));
        var answer = new StringBuilder();
        var one = new byte[1];
        while (!answer.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await socket.GetStream().ReadExactlyAsync(one);
            answer.Append((char)one[0]);
        }

        Assert.StartsWith("HTTP/1.1 101", answer.ToString(), StringComparison.Ordinal);
        return peer;
    }

    public async Task SendTextAsync(string text)
    {
        // White space after the message: every frame has the middle one of the three forms of a length.
        byte[] payload = Encoding.UTF8.GetBytes(text.PadRight(126));
        // Masked with zeros, which is a mask like others.
        byte[] frame = [0x81, 0x80 | 126, (byte)(payload.Length >> 8), (byte)payload.Length, 0, 0, 0, 0, .. payload];
        await _socket.GetStream().WriteAsync(frame);
    }

    /// <summary>Sends bytes as they are.</summary>
    public async Task SendAsync(byte[] bytes) => await _socket.GetStream().WriteAsync(bytes);

    /// <summary>Says that nothing more comes, and goes on reading.</summary>
    public void CloseSending() => _socket.Client.Shutdown(SocketShutdown.Send);

    public void Dispose() => _socket.Dispose();
}
