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
        // Keeps the system's own buffers as small as possible.
        var socket = new TcpClient { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var peer = new RawPeer(socket);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " +
            "AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"));
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
        // Padding makes every frame use the middle one of the three length formats.
        byte[] payload = Encoding.UTF8.GetBytes(text.PadRight(126));
        // A mask of zeros is valid.
        byte[] frame = [0x81, 0x80 | 126, (byte)(payload.Length >> 8), (byte)payload.Length, 0, 0, 0, 0, .. payload];
        await _socket.GetStream().WriteAsync(frame);
    }

    /// <summary>Sends raw bytes.</summary>
    public async Task SendAsync(byte[] bytes) => await _socket.GetStream().WriteAsync(bytes);

    /// <summary>Closes the sending side, and goes on reading.</summary>
    public void CloseSending() => _socket.Client.Shutdown(SocketShutdown.Send);

    public void Dispose() => _socket.Dispose();
}
