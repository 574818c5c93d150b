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
        using Socket socket = Bound(address, out IPEndPoint place);
        socket.Listen();

        Assert.Null(Foreign(place));
    }

    [Fact]
    public void A_mapped_address_is_that_of_its_port()
    {
        using Socket socket = Bound("127.0.0.1", out IPEndPoint place);
        socket.Listen();

        Assert.Null(Foreign(new IPEndPoint(place.Address.MapToIPv6(), place.Port)));
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
        using Socket socket = Bound(address, out IPEndPoint place);

        Assert.Null(Foreign(place));
    }

    [Fact]
    public void A_file_that_nobody_listens_on_is_not_foreign() =>
        Assert.Null(Foreign(new UnixDomainSocketEndPoint(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()))));

    /// <summary>A socket whose port no other program takes. In a container ::1 may be missing, and :: is not.</summary>
    private static Socket Bound(string address, out IPEndPoint place)
    {
        var loopback = IPAddress.Parse(address);
        bool isOld = loopback.AddressFamily == AddressFamily.InterNetwork;
        Assert.SkipUnless(isOld || Socket.OSSupportsIPv6, "this machine has no IPv6");
        var socket = new Socket(loopback.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(isOld ? loopback : IPAddress.IPv6Any, 0));
        place = new IPEndPoint(loopback, ((IPEndPoint)socket.LocalEndPoint!).Port);
        return socket;
    }

    private static string? Foreign(EndPoint address) => Listeners.Foreign(address.Serialize().ToString());
}
