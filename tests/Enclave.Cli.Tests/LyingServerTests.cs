using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary>Servers that attack before there is a password.</summary>
public sealed class LyingServerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private int _greeted;

    public void Dispose()
    {
        _listener.Dispose();
        _folder.Dispose();
    }

    /// <summary>The properties of the server are a table, in which tables may lie in each other.</summary>
    [Theory]
    [InlineData("serve", 30_000)]
    [InlineData("runtime", 30_000)]
    [InlineData("serve", 300_000)]
    [InlineData("runtime", 300_000)]
    public async Task Tables_in_tables_end_a_connection_and_not_the_process(string command, int depth)
    {
        _listener.Start();
        Task serving = ServeAsync(Start(depth));
        string address = $"amqp://user:password@127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/";
        await using CliProcess cli = CliProcess.Start([command, "--port", "0", "--queue-file", _folder.File("queue", address)]);
        await cli.NextLineAsync("the start");

        await Within.Becomes(() => Volatile.Read(ref _greeted) >= 3, "it connects again");
        cli.Signal(15);
        CliResult result = await cli.EndAsync();

        Assert.Equal(0, result.ExitCode);
        Assert.DoesNotContain("overflow", result.Error, StringComparison.OrdinalIgnoreCase);
        _listener.Stop();
        await serving;
    }

    /// <summary>A message that announces two gigabytes, and sends them.</summary>
    [Fact]
    public async Task A_database_that_never_ends_its_first_message_delays_neither_the_start_nor_the_stop()
    {
        _listener.Start();
        Task serving = FloodAsync();
        string store = $"Host=127.0.0.1;Port={((IPEndPoint)_listener.LocalEndpoint).Port};Username=broker;Password=secret;Database=none";
        // The bound is the test's: it must not take the memory of the machine.
        await using CliProcess cli = CliProcess.Start(
            ["serve", "--port", "0", "--store-file", _folder.File("store", store)], ("DOTNET_GCHeapHardLimit", "0x18000000"));
        await cli.NextLineAsync("the start");

        await Within.Becomes(() => Volatile.Read(ref _greeted) >= 2, "it connects again");
        cli.Signal(15);

        Assert.Equal(0, (await cli.EndAsync()).ExitCode);
        _listener.Stop();
        await serving;
    }

    private Task FloodAsync() => ServeAsync(async (stream) =>
    {
        // Asked for TLS first: there is none. Then comes the name of the user.
        await stream.WriteAsync("N"u8.ToArray());
        await stream.ReadExactlyAsync(new byte[8]);
        await stream.WriteAsync((byte[])[(byte)'R', .. Number(int.MaxValue)]);
        byte[] zeros = new byte[1 << 16];
        while (true) await stream.WriteAsync(zeros);
    });

    private Task ServeAsync(byte[] start) => ServeAsync(async (stream) =>
    {
        await stream.WriteAsync(start);
        while (await stream.ReadAsync(new byte[4096]) > 0) { }
    });

    private async Task ServeAsync(Func<NetworkStream, Task> serve)
    {
        try
        {
            while (true)
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync();
                NetworkStream stream = client.GetStream();
                try
                {
                    await stream.ReadExactlyAsync(new byte[8]);
                    Interlocked.Increment(ref _greeted);
                    await serve(stream);
                }
                catch (Exception gone) when (gone is IOException or EndOfStreamException)
                {
                    // The other side closed it.
                }
            }
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The test has ended.
        }
    }

    /// <summary>The method connection.start, whose properties have one table in another.</summary>
    private static byte[] Start(int depth)
    {
        const int Level = 7;
        var table = new List<byte>();
        for (int level = depth; level > 0; level--) table.AddRange([.. Number(level * Level), 1, (byte)'a', (byte)'F']);
        table.AddRange(Number(0));
        byte[] payload = [0, 10, 0, 10, 0, 9, .. table, .. Number(5), .. "PLAIN"u8, .. Number(5), .. "en_US"u8];
        return [1, 0, 0, .. Number(payload.Length), .. payload, 0xCE];
    }

    private static byte[] Number(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
