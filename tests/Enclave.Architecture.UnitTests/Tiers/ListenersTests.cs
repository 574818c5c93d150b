using System.Net;
using System.Net.Sockets;
using Enclave.Tests;

namespace Enclave.Architecture.UnitTests.Tiers;

/// <summary>Unit projects connect to their own sockets alone. The smoke tests have the socket of another process.</summary>
public sealed class ListenersTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void A_port_that_this_process_listens_on_is_its_own(string address)
    {
        using var socket = new Socket(IPAddress.Parse(address).AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        socket.Listen();

        Assert.Null(Foreign(socket.LocalEndPoint!));
    }

    [Fact]
    public void A_mapped_address_is_that_of_its_port()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();

        Assert.Null(Foreign(new IPEndPoint(IPAddress.Loopback.MapToIPv6(), ((IPEndPoint)socket.LocalEndPoint!).Port)));
    }

    [Fact]
    public void A_socket_of_a_file_that_this_process_listens_on_is_its_own()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        try
        {
            socket.Listen();

            Assert.Null(Foreign(new UnixDomainSocketEndPoint(path)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("2001:db8::1")]
    [InlineData("::ffff:192.0.2.1")]
    public void The_address_of_another_machine_is_foreign(string address) => Assert.NotNull(Foreign(new IPEndPoint(IPAddress.Parse(address), 443)));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void A_port_that_nobody_listens_on_is_not_foreign(string address)
    {
        // Bound, so that no other program takes it.
        using var socket = new Socket(IPAddress.Parse(address).AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));

        Assert.Null(Foreign(socket.LocalEndPoint!));
    }

    [Fact]
    public void A_file_that_nobody_listens_on_is_not_foreign() =>
        Assert.Null(Foreign(new UnixDomainSocketEndPoint(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()))));

    private static string? Foreign(EndPoint address) => Listeners.Foreign(address.Serialize().ToString());
}
