using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Broker.Tests.Failures;

/// <summary>Clients that are many, slow, or send far too much.</summary>
public sealed class CrowdTests
{
    private const long MaxGrowth = 512L << 20;

    [Fact]
    public async Task Idle_connections_cost_little_and_hold_nobody_up()
    {
        int count = TestSize.Of(1_000, 10_000);
        await using CliServer broker = await CliServer.Broker();
        using var http = new HttpClient { BaseAddress = broker.Address };
        Assert.Equal(1, await Run(http, "return 1"));
        long before = broker.Resident();

        var idle = new List<Socket>();
        try
        {
            for (int i = 0; i < count; i++) idle.Add(await Connect(broker.Address));
            for (int i = 0; i < 20; i++) Assert.Equal(i, await Run(http, $"return {i}"));

            Assert.InRange(broker.Resident() - before, long.MinValue, MaxGrowth);
            Assert.All(idle, (socket) => Assert.True(socket.Connected));
        }
        finally
        {
            foreach (Socket socket in idle) socket.Dispose();
        }

        Assert.Equal(2, await Run(http, "return 2"));
    }

    [Fact]
    public async Task A_client_that_sends_a_request_byte_by_byte_is_hung_up_on()
    {
        await using CliServer broker = await CliServer.Broker();
        using Socket headers = await Connect(broker.Address), body = await Connect(broker.Address);
        await Send(body, "POST /sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{");

        // Just fast enough to seem alive.
        Task<string> noHeaders = Drip(headers, "GET /health HTTP/1.1\r\nX-Slow: "), noBody = Drip(body, "");

        Assert.StartsWith("HTTP/1.1 408", await Within.Deadline(noHeaders, "end of the slow headers"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 408", await Within.Deadline(noBody, "end of the slow body"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Large: ", 100_000, "431")]
    [InlineData("Cookie: ", 1_000_000, "431")]
    public async Task Headers_that_are_too_large_are_refused(string header, int length, string status)
    {
        await using CliServer broker = await CliServer.Broker();
        using Socket socket = await Connect(broker.Address);

        Task<string> answer = ReadToEnd(socket);
        try
        {
            await Send(socket, $"GET /health HTTP/1.1\r\nHost: localhost\r\n{header}{new string('x', length)}\r\n\r\n");
        }
        catch (SocketException)
        {
            // The server hung up before all of it was sent.
        }

        string said = await Within.Deadline(answer, "answer");
        Assert.True(said.Length == 0 || said.StartsWith($"HTTP/1.1 {status}", StringComparison.Ordinal), said);
        using var http = new HttpClient { BaseAddress = broker.Address };
        Assert.Equal(1, await Run(http, "return 1"));
    }

    [Theory]
    [InlineData("GET /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("POST /sessions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("POST /sessions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n")]
    [InlineData("GET /sessions/%00%ff HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("\0\u0001\u0002\u0003\r\n\r\n")]
    public async Task Bytes_that_are_no_request_get_an_error_and_hurt_nobody(string bytes)
    {
        await using CliServer broker = await CliServer.Broker();
        using Socket socket = await Connect(broker.Address);

        Task<string> answer = ReadToEnd(socket);
        await Send(socket, bytes);

        Assert.StartsWith("HTTP/1.1 4", await Within.Deadline(answer, "answer"), StringComparison.Ordinal);
        using var http = new HttpClient { BaseAddress = broker.Address };
        Assert.Equal(1, await Run(http, "return 1"));
    }

    private static async Task<int> Run(HttpClient http, string code)
    {
        using HttpResponseMessage response = await Within.Deadline(
            http.PostAsync("/sessions", BrokerApp.Json(JsonSerializer.Serialize(new { code }))), "answer");
        return (await BrokerApp.Events(response)).Final().GetProperty("result").GetInt32();
    }

    private static async Task<Socket> Connect(Uri broker)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await Within.Deadline(socket.ConnectAsync(IPAddress.Loopback, broker.Port), "connection");
        return socket;
    }

    private static async Task Send(Socket socket, string text)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        for (int sent = 0; sent < bytes.Length;) sent += await socket.SendAsync(bytes.AsMemory(sent));
    }

    /// <summary>Sends a byte now and then until the server ends the connection. Returns its response.</summary>
    private static async Task<string> Drip(Socket socket, string first)
    {
        Task<string> answer = ReadToEnd(socket);
        await Send(socket, first);
        while (!answer.IsCompleted)
        {
            try
            {
                await Send(socket, "x");
            }
            catch (SocketException)
            {
                break;
            }

            await Task.WhenAny(answer, Task.Delay(TimeSpan.FromMilliseconds(200)));
        }

        return await answer;
    }

    private static async Task<string> ReadToEnd(Socket socket)
    {
        byte[] buffer = new byte[64 << 10];
        int read = 0;
        try
        {
            for (int count; read < buffer.Length && (count = await socket.ReceiveAsync(buffer.AsMemory(read))) > 0; read += count)
            {
            }
        }
        catch (SocketException)
        {
            // Reset: there is no more to read.
        }

        return Encoding.Latin1.GetString(buffer, 0, read);
    }
}
