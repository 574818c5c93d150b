using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary>What listens is what the options say.</summary>
public sealed class ListeningTests
{
    /// <summary>Variables of the web server's framework that open another door, or move the one that is announced. # stands for a port.</summary>
    [Theory]
    [InlineData("serve", "Kestrel__Endpoints__X__Url=http://0.0.0.0:#")]
    [InlineData("serve", "Kestrel:Endpoints:X:Url=http://127.0.0.1:#")]
    [InlineData("serve", "ASPNETCORE_Kestrel__Endpoints__X__Url=http://*:#")]
    [InlineData("serve", "DOTNET_Kestrel__Endpoints__X__Url=http://[::]:#")]
    [InlineData("serve", "ASPNETCORE_URLS=http://0.0.0.0:#;ASPNETCORE_PREFERHOSTINGURLS=true")]
    [InlineData("serve", "DOTNET_URLS=http://0.0.0.0:#;DOTNET_PREFERHOSTINGURLS=true")]
    [InlineData("serve", "ASPNETCORE_HTTP_PORTS=#;ASPNETCORE_PREFERHOSTINGURLS=true")]
    [InlineData("runtime", "Kestrel__Endpoints__X__Url=http://0.0.0.0:#;ASPNETCORE_URLS=http://0.0.0.0:#;ASPNETCORE_PREFERHOSTINGURLS=true")]
    public async Task B1_No_variable_opens_another_door(string command, string variables)
    {
        int other = FreePort.Next();
        (string Name, string Value)[] environment =
        [
            .. variables.Replace("#", $"{other}", StringComparison.Ordinal).Split(';').Select((pair) => pair.Split('=')).Select((pair) => (pair[0], pair[1])),
        ];

        await using CliProcess cli = CliProcess.Start([command, "--port", "0", "--metrics-port", "0", "--json"], environment);
        JsonElement line = JsonDocument.Parse(await cli.NextLineAsync("the line that tells where it listens")).RootElement;

        int announced = new Uri(line.GetProperty("listening").GetString()!).Port, metrics = new Uri(line.GetProperty("metrics").GetString()!).Port;
        Assert.NotEqual(other, announced);
        Assert.True(await AnswersAsync(announced));
        Assert.True(await AnswersAsync(metrics));
        Assert.False(await AnswersAsync(other));
        Assert.Equal(new[] { announced, metrics }.Order(), Listening(cli.Pid));
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return false;
        }
    }

    /// <summary>The ports on which a process listens, as the kernel has them.</summary>
    private static IEnumerable<int> Listening(int pid)
    {
        var sockets = new HashSet<string>();
        foreach (string descriptor in Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd"))
        {
            try
            {
                if (File.ResolveLinkTarget(descriptor, returnFinalTarget: false)?.Name is { } name && name.StartsWith("socket:[", StringComparison.Ordinal))
                    sockets.Add(name["socket:[".Length..^1]);
            }
            catch (FileNotFoundException)
            {
                // Closed meanwhile: no listener is.
            }
        }

        const string listen = "0A";
        return ((string[])["tcp", "tcp6"]).SelectMany((table) => File.ReadLines($"/proc/{pid}/net/{table}").Skip(1))
            .Select((row) => row.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where((row) => row[3] == listen && sockets.Contains(row[9]))
            .Select((row) => Convert.ToInt32(row[1][(row[1].IndexOf(':', StringComparison.Ordinal) + 1)..], 16)).Order();
    }
}
