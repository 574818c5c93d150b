using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Enclave.Tests;

namespace Enclave.Runtime.Tests.Security;

/// <summary>B8: connections that do not authenticate cannot keep others out.</summary>
public sealed class CrowdedDoorTests
{
    private const string Secret = "0123456789abcdef";

    /// <summary>The bytes that each connection of the crowd sends, repeatedly, before it falls silent.</summary>
    public static TheoryData<string> Crowds => ["", "GET /ws HT",
        "GET /ws HTTP/1.1\r\nHost: x\r\nX-A: ", "GET /ws HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n", "GET /health HTTP/1.1\r\nHost: x\r\n\r\n"];

    [Theory]
    [MemberData(nameof(Crowds))]
    public async Task A_crowd_that_shows_no_secret_keeps_no_broker_out(string sends)
    {
        await using RuntimeWorker runtime = await TestRuntime.StartAsync(new RuntimeWorkerOptions { Security = new() { SharedSecret = Secret } });
        using var crowd = new Crowd();
        await crowd.ComeAsync(runtime.Address!.Port, TestSize.Of(600, 3000), sends);

        for (int i = 0; i < 3; i++)
        {
            await using TestPeer peer = await Within.Deadline(
                TestPeer.ConnectAsync(runtime, ("Authorization", $"Bearer {Secret}")), "connection beside the crowd");
            await peer.SendAsync("""{"type":"ping"}""");
            Assert.Equal("pong", (await peer.NextAsync("")).Type());
            await crowd.ComeAsync(runtime.Address!.Port, 50, sends);
        }
    }

    [Fact]
    public async Task A_crowd_does_not_push_out_those_that_are_in()
    {
        await using RuntimeWorker runtime = await TestRuntime.StartAsync(
            new RuntimeWorkerOptions { Security = new() { SharedSecret = Secret }, Connections = new() { MaxConnections = 2 } });
        await using TestPeer one = await TestPeer.ConnectAsync(runtime, ("Authorization", $"Bearer {Secret}")), two = await TestPeer.ConnectAsync(
            runtime, ("Authorization", $"Bearer {Secret}"));
        using var crowd = new Crowd();
        await crowd.ComeAsync(runtime.Address!.Port, TestSize.Of(600, 3000), "GET /ws HTTP/1.1\r\n");

        foreach (TestPeer peer in new[] { one, two })
        {
            await peer.SendAsync(TestRuntime.Execute(peer == one ? "s_one" : "s_two", "await callTool('x', {})"));
            await peer.NextAsync(peer == one ? "s_one" : "s_two", "tool_call", "session_init", "tool_progress");
            await peer.SendAsync("""{"type":"ping"}""");
            Assert.Equal("pong", (await peer.NextAsync("")).Type());
        }

        Assert.Equal(503, (await Assert.ThrowsAsync<RefusedException>(() => TestPeer.ConnectAsync(runtime, ("Authorization", $"Bearer {Secret}")))).Status);
    }

    [Fact]
    public async Task One_address_holds_a_bounded_number_of_places()
    {
        await using RuntimeWorker runtime = await TestRuntime.StartAsync(new RuntimeWorkerOptions { Security = new() { SharedSecret = Secret } });
        using var crowd = new Crowd();
        await crowd.ComeAsync(runtime.Address!.Port, 400, "GET /ws HTTP/1.1\r\n");

        await Within.Becomes(() => crowd.Open <= 256, "at most 256 of them were left", () => $"{crowd.Open} were");
    }

    [Theory]
    [InlineData("")]
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001")]
    public async Task Half_a_handshake_keeps_no_broker_out(string sends)
    {
        using X509Certificate2 certificate = SelfSigned();
        await using RuntimeWorker runtime = await TestRuntime.StartAsync(
            new RuntimeWorkerOptions { Security = new() { SharedSecret = Secret, ServerCertificate = certificate } });
        using var crowd = new Crowd();
        await crowd.ComeAsync(runtime.Address!.Port, TestSize.Of(400, 3000), sends);

        await using TestPeer peer = await Within.Deadline(
            TestPeer.ConnectAsync(runtime.Address, (options) =>
            {
                options.RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString();
                options.SetRequestHeader("Authorization", $"Bearer {Secret}");
            }),
            "connection beside the crowd");

        await peer.SendAsync("""{"type":"ping"}""");
        Assert.Equal("pong", (await peer.NextAsync("")).Type());
    }

    /// <summary>A request head may take 5 s whatever the socket's own timeout; the server checks once per second.</summary>
    [Fact]
    public async Task Half_a_request_is_cut_off_in_five_seconds()
    {
        await using RuntimeWorker runtime = await TestRuntime.StartAsync();
        using var crowd = new Crowd();
        await crowd.ComeAsync(runtime.Address!.Port, 1, "GET /ws HTTP/1.1\r\nHost: x\r\n");

        long began = TimeProvider.System.GetTimestamp();
        await Within.Becomes(() => crowd.Open == 0, "it was cut off");

        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(20), "it had the 30 s of ConnectionTimeout");
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 made = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(now.AddMinutes(-5), now.AddHours(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>Connections that each send a little and then wait.</summary>
    private sealed class Crowd : IDisposable
    {
        private readonly List<Socket> _sockets = [];

        /// <summary>The connections that the server has not closed.</summary>
        public int Open => _sockets.Count((socket) => !(socket.Poll(0, SelectMode.SelectRead) && IsClosed(socket)));

        public async Task ComeAsync(int port, int count, string sends)
        {
            byte[] bytes = [.. sends.Select((c) => (byte)c)];
            for (int i = 0; i < count; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                _sockets.Add(socket);
                await socket.ConnectAsync(IPAddress.Loopback, port);
                try
                {
                    if (bytes.Length > 0) await socket.SendAsync(bytes);
                }
                catch (SocketException)
                {
                    // It was closed to make room for a later one.
                }
            }
        }

        public void Dispose() => _sockets.ForEach((socket) => socket.Dispose());

        private static bool IsClosed(Socket socket)
        {
            try
            {
                return socket.Receive(new byte[1024]) == 0;
            }
            catch (SocketException)
            {
                return true;
            }
        }
    }
}
