using System.Net.Sockets;
using RabbitMQ.Client;

namespace Enclave.RabbitMq.Options;

/// <summary>A connection without TLS, with bounded frames.</summary>
internal sealed class BoundedSocket(Socket socket, int maxFrameBytes) : TcpClientAdapter(socket)
{
    public override NetworkStream GetStream() => new BoundedFrames(Client, maxFrameBytes);
}
