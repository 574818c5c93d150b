using System.Net;
using System.Net.Sockets;

namespace Enclave.Tests;

/// <summary>Ports of loopback for servers that start later.</summary>
internal static class FreePort
{
    /// <summary>A port below those that the kernel gives to connections: until the server listens, no connection of another test takes it.</summary>
    public static int Next()
    {
        while (true)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            int port = Random.Shared.Next(20_000, 32_000);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
            }
        }
    }
}
