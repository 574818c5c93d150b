using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Enclave.Tests;

namespace Enclave.SmokeTests.Commands;

/// <summary>Unit projects end when they connect to a socket of another process: it is recognised. Their own sockets are tested in them.</summary>
public sealed class ListenersTests
{
    private const string Listening = """
        const net = require('node:net');
        const port = net.createServer().listen(0, '127.0.0.1', () => net.createServer().listen(process.argv[1], () => console.log(port.address().port)));
        process.stdin.on('end', () => process.exit()).resume();
        """;

    [Fact]
    public async Task Sockets_of_another_process_are_foreign()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "s");
        using Process other = Process.Start(new ProcessStartInfo(
            Path.Combine(Repository.Root, "artifacts", "engine", "node"), ["-e", Listening, path])
        { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        int port = int.Parse((await Within.Deadline(other.StandardOutput.ReadLineAsync(), "port of the other process"))!, CultureInfo.InvariantCulture);

        string? ofPort = Foreign(new IPEndPoint(IPAddress.Loopback, port)), ofPath = Foreign(new UnixDomainSocketEndPoint(path));
        other.StandardInput.Close();
        await Within.Deadline(other.WaitForExitAsync(TestContext.Current.CancellationToken), "end of the other process");

        Assert.Equal($"port {port} of another process", ofPort);
        Assert.NotNull(ofPath);
        Assert.Null(Foreign(new IPEndPoint(IPAddress.Loopback, port)));
    }

    private static string? Foreign(EndPoint address) => Listeners.Foreign(address.Serialize().ToString());
}
