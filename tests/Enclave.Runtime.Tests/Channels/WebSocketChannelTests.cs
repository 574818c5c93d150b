using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json;
using Enclave.Runtime.Tests.Captures;
using Enclave.Streaming;
using Enclave.Testing;
using Enclave.Tests;

namespace Enclave.Runtime.Tests.Channels;

/// <summary>The channel over a WebSocket: as recorded, and cases that the recording does not have.</summary>
public sealed class WebSocketChannelTests
{
    private readonly ConcurrentQueue<string> _states = [];
    private readonly ConcurrentQueue<string> _told = [];
    private readonly ConcurrentQueue<string> _got = [];

    [Fact]
    public async Task It_goes_as_it_was_recorded()
    {
        JsonElement[] lines = CaptureFiles.Read("ws-chan");
        JsonElement outcome = lines[^1];
        await using PlainServer server = await PlainServer.StartAsync();
        await using var channel = new WebSocketChannel(server.Address, Options());
        _states.Enqueue(Name(channel.State));
        channel.OnMessage((json) => _got.Enqueue(json.GetRawText()));
        int connection = 1;
        Task connecting = Task.CompletedTask;
        foreach (JsonElement line in lines.Where((line) => line.TryGetProperty("kind", out JsonElement kind) && kind.GetString() == "ws_frame"))
        {
            if (line.GetProperty("conn").GetInt32() != connection)
            {
                connection++;
                await Within.Becomes(
                    () => server.Seen.Count((seen) => seen.StartsWith("connected", StringComparison.Ordinal)) == connection, "it had connected again");
            }

            bool isOurs = line.Text("dir") == "c2s", isText = line.GetProperty("opcode").GetInt32() == 1;
            if (isOurs && isText)
            {
                channel.Send(JsonDocument.Parse(line.Text("text")).RootElement);
                // Two messages are queued before it connects.
                if (line.Text("text").Contains("\"n2\"", StringComparison.Ordinal)) await Within.Deadline(channel.ConnectAsync(), "connection");
                if (!line.Text("text").Contains("\"n1\"", StringComparison.Ordinal)) await server.Sees(line.Text("text"));
            }
            else if (!isOurs && isText)
            {
                await server.SendAsync(line.Text("text"));
            }
            else if (!isOurs && line.GetProperty("closeCode").GetInt32() != 1000)
            {
                await Within.Becomes(() => _got.Count == 2, "both messages had been handed on");
                await server.Socket!
                    .CloseOutputAsync((WebSocketCloseStatus)line.GetProperty("closeCode").GetInt32(), line.Text("closeReason"), CancellationToken.None);
            }
            else if (isOurs && line.GetProperty("closeCode").GetInt32() == 1000)
            {
                channel.Close();
            }
        }

        await Within.Deadline(channel.Completion, "end of the channel");
        string[] expected = [.. outcome.GetProperty("seenByServer").EnumerateArray().Select(SeenAs)];
        await Within.Becomes(() => server.Seen.Count == expected.Length, "the server had seen all", () => string.Join(" | ", server.Seen));
        Assert.Equal(outcome.GetProperty("states").EnumerateArray().Select((state) => state.GetString()), _states);
        Assert.Equal(outcome.GetProperty("seenByHandler").EnumerateArray().Select((message) => message.GetRawText()), _got);
        Assert.Equal(expected, server.Seen);
    }

    [Fact]
    public async Task A_first_try_that_fails_is_told_and_tried_again()
    {
        await using PlainServer server = await PlainServer.StartAsync();
        server.Refusal = 503;
        var clock = new ManualClock();
        await using var channel = new WebSocketChannel(
            server.Address, Options() with { TimeProvider = clock, Reconnect = new ReconnectOptions { Jitter = 0 }, BearerToken = "0123456789abcdef" });
        channel.Send(JsonDocument.Parse("""{"held":1}""").RootElement);

        var failed = await Assert.ThrowsAsync<RuntimeChannelException>(() => Within.Deadline(channel.ConnectAsync(), "first try"));
        Assert.Equal((RuntimeChannelFault.ConnectionFailed, "Connection failed"), (failed.Fault, failed.Message));
        server.Refusal = null;
        await Within.Becomes(() => channel.State == WebSocketChannelState.Reconnecting && clock.Armed > 0, "it waits for the next try");
        clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(WebSocketChannelState.Reconnecting, channel.State);
        clock.Advance(TimeSpan.FromMilliseconds(1));

        await server.Sees("""{"held":1}""");
        Assert.True(channel.IsOpen);
        Assert.All(server.Authorizations, (header) => Assert.Equal("Bearer 0123456789abcdef", header));
        Assert.Equal(["error Connection failed", "open"], _told);
    }

    [Fact]
    public async Task Tries_double_their_wait_and_end()
    {
        var clock = new ManualClock();
        int port = FreePort.Next();
        await using var channel = new WebSocketChannel(new Uri($"ws://127.0.0.1:{port}/ws"), Options() with
        {
            TimeProvider = clock,
            Reconnect = new ReconnectOptions { MaxRetries = 3, MaxDelay = TimeSpan.FromSeconds(3), Jitter = 0 },
        });
        _ = channel.ConnectAsync().ContinueWith((done) => done.Exception, TaskScheduler.Default);
        var waits = new List<double>();
        for (int tries = 1; tries <= 3; tries++)
        {
            int failed = tries;
            await Within.Becomes(() => _told.Count == failed && clock.Armed == 1, $"try {tries} had failed");
            double waited = 0;
            while (clock.Armed == 1 && _told.Count == failed)
            {
                clock.Advance(TimeSpan.FromSeconds(0.5));
                waited += 0.5;
            }

            waits.Add(waited);
        }

        await Within.Deadline(channel.Completion, "end of the tries");
        Assert.Equal([1, 2, 3], waits);
        Assert.Equal((4, WebSocketChannelState.Disconnected), (_told.Count, channel.State));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_given_up()
    {
        using var deaf = new TcpListener(IPAddress.Loopback, 0);
        deaf.Start();
        await using var channel = new WebSocketChannel(
            new Uri($"ws://127.0.0.1:{((IPEndPoint)deaf.LocalEndpoint).Port}/"), Options() with
            {
                Reconnect = null,
                ConnectionTimeout = TimeSpan.FromMilliseconds(200),
            });

        var failed = await Assert.ThrowsAsync<RuntimeChannelException>(() => Within.Deadline(channel.ConnectAsync(), "first try"));

        Assert.Equal((RuntimeChannelFault.ConnectionTimeout, "Connection timeout"), (failed.Fault, failed.Message));
        await Within.Deadline(channel.Completion, "end of the channel");
        Assert.Equal(WebSocketChannelState.Disconnected, channel.State);
    }

    [Fact]
    public async Task Held_messages_are_bounded_and_nothing_is_sent_after_the_end()
    {
        var channel = new WebSocketChannel(new Uri("ws://127.0.0.1:1/"), Options() with { MaxHeldBytes = 100 });
        JsonElement message = JsonDocument.Parse($"\"{new string('x', 60)}\"").RootElement;
        channel.Send(message);

        Assert.Equal(RuntimeChannelFault.Full, Assert.Throws<RuntimeChannelException>(() => channel.Send(message)).Fault);
        channel.Close();
        Assert.Equal(RuntimeChannelFault.Closed, Assert.Throws<RuntimeChannelException>(() => channel.Send(message)).Fault);
        await Assert.ThrowsAsync<RuntimeChannelException>(() => channel.ConnectAsync());
        await Within.Deadline(channel.DisposeAsync().AsTask(), "end of the channel");
    }

    [Fact]
    public async Task A_line_that_is_cut_is_opened_again_and_loses_nothing()
    {
        await using PlainServer server = await PlainServer.StartAsync();
        await using var channel = new WebSocketChannel(server.Address, Options());
        await Within.Deadline(channel.ConnectAsync(), "connection");
        await Within.Becomes(() => server.Socket is not null, "the server had it");

        server.Socket!.Abort();
        await Within.Becomes(() => _states.Contains("reconnecting"), "the loss was seen");
        for (int i = 0; i < 20; i++) channel.Send(JsonDocument.Parse($"{i}").RootElement);

        await server.Sees("19");
        Assert.Equal(Enumerable.Range(0, 20).Select((n) => $"{n}"), server.Seen.Where((seen) => int.TryParse(seen, out _)));
        Assert.Contains("close 1006", _told);
    }

    [Fact]
    public async Task A_message_that_is_too_large_ends_the_connection()
    {
        await using PlainServer server = await PlainServer.StartAsync();
        await using var channel = new WebSocketChannel(server.Address, Options() with { MaxMessageBytes = 1000, Reconnect = null });
        await Within.Deadline(channel.ConnectAsync(), "connection");
        await Within.Becomes(() => server.Socket is not null, "the server had it");

        await server.SendAsync(new string(' ', 1001));

        await server.Sees("close 1009 message too big");
        await Within.Deadline(channel.Completion, "end of the channel");
    }

    [Fact]
    public async Task Handlers_that_throw_disturb_nothing()
    {
        await using PlainServer server = await PlainServer.StartAsync();
        await using var channel = new WebSocketChannel(server.Address, Options());
        channel.OnMessage((_) => throw new InvalidOperationException("handler"));
        await Within.Deadline(channel.ConnectAsync(), "connection");
        await Within.Becomes(() => server.Socket is not null, "the server had it");

        await server.SendAsync("1");
        await server.SendAsync("2");

        await Within.Becomes(() => _told.Count((told) => told == "error handler") == 2, "both faults were told");
        Assert.True(channel.IsOpen);
    }

    [Fact]
    public async Task A_runtime_dials_a_broker_over_it()
    {
        await using PlainServer broker = await PlainServer.StartAsync();
        await using RuntimeWorker runtime = TestRuntime.Create();
        await using var channel = new WebSocketChannel(broker.Address, Options());
        Task serving = runtime.ServeAsync(channel);
        await Within.Deadline(channel.ConnectAsync(), "connection");
        await Within.Becomes(() => broker.Socket is not null, "the broker had it");

        await broker.SendAsync(TestRuntime.Execute("s_1", "return 5"));

        await Within.Becomes(() => broker.Seen.Any((seen) => seen.Contains("\"final\"", StringComparison.Ordinal)), "the session had ended");
        Assert.Contains("\"result\":5", broker.Seen.Single((seen) => seen.Contains("\"final\"", StringComparison.Ordinal)), StringComparison.Ordinal);
        channel.Close();
        await Within.Deadline(serving, "end of the serving");
    }

    private WebSocketChannelOptions Options() => new()
    {
        Reconnect = new ReconnectOptions { Jitter = 0, ReconnectDelay = TimeSpan.FromMilliseconds(10) },
        OnStateChange = (state) => _states.Enqueue(Name(state)),
        OnOpen = () => _told.Enqueue("open"),
        OnClose = (code, reason) => _told.Enqueue($"close {code} {reason}".TrimEnd()),
        OnError = (fault) => _told.Enqueue($"error {fault.Message}"),
    };

    private static string Name(WebSocketChannelState state) => state.ToString().ToLowerInvariant();

    private static string SeenAs(JsonElement seen) => seen.TryGetProperty("connected", out JsonElement path) ? $"connected {path}"
        : seen.TryGetProperty("close", out JsonElement code) ? $"close {code} {seen.Text("reason")}"
        : seen.Text("text");
}
