using System.Net;
using System.Net.Sockets;
using System.Text;
using Enclave.Tests;

namespace Enclave.Runtime.Tests.Security;

/// <summary>B8: a peer that misbehaves loses its connection, and leaves nothing behind.</summary>
public sealed class HostilePeerTests
{
    private const string Waits = "await callTool('x', {})";

    [Fact]
    public async Task A_message_above_the_bound_ends_the_connection()
    {
        await using RuntimeWorker runtime = await StartAsync(new RuntimeConnectionLimits { MaxMessageBytes = 4096 });
        await using TestPeer peer = await TestPeer.ConnectAsync(runtime);
        string execute = TestRuntime.Execute("s_1", Waits);
        await peer.SendAsync(execute + new string(' ', 4096 - execute.Length));
        await peer.NextAsync("s_1", "tool_call", "session_init");

        await peer.SendAsync(new string(' ', 4097));

        Assert.Equal((1009, "message too big"), await Within.Deadline(peer.Closed, "end of the connection"));
        await TestRuntime.BecomesIdle(runtime);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_message_in_far_too_many_pieces_ends_the_connection(int bytes)
    {
        await using RuntimeWorker runtime = await StartAsync(new RuntimeConnectionLimits());
        await using TestPeer peer = await TestPeer.ConnectAsync(runtime);
        byte[] piece = new byte[bytes];
        Array.Fill(piece, (byte)' ');

        await SendUntilClosedAsync(peer, async () => await peer.SendPieceAsync(piece, isLast: false));

        Assert.Equal((1008, "message in too many pieces"), await Within.Deadline(peer.Closed, "end of the connection"));
    }

    [Fact]
    public async Task Too_many_messages_end_the_connection()
    {
        await using RuntimeWorker runtime = await StartAsync(new RuntimeConnectionLimits { MaxMessagesPerSecond = 50 });
        await using TestPeer peer = await TestPeer.ConnectAsync(runtime);

        await SendUntilClosedAsync(peer, () => peer.SendAsync("{}"));

        Assert.Equal((1008, "too many messages"), await Within.Deadline(peer.Closed, "end of the connection"));
    }

    [Fact]
    public async Task A_connection_too_many_is_refused_and_its_place_is_given_back()
    {
        await using RuntimeWorker runtime = await StartAsync(new RuntimeConnectionLimits { MaxConnections = 2 });
        await using TestPeer one = await TestPeer.ConnectAsync(runtime), two = await TestPeer.ConnectAsync(runtime);
        await one.SendAsync(TestRuntime.Execute("s_one", Waits));
        await two.SendAsync(TestRuntime.Execute("s_two", Waits));
        await Within.Becomes(() => runtime.GetSessions().Count == 2, "both have sessions");

        Assert.Equal(503, (await Assert.ThrowsAsync<RefusedException>(() => TestPeer.ConnectAsync(runtime))).Status);

        await one.CloseAsync();
        await Within.Becomes(() => runtime.GetStats().Connections == 1, "one connection was gone");
        // The connection leaves the table a moment before its slot is free.
        TestPeer? three = null;
        for (int i = 0; i < 1000 && three is null; i++) three = await TryConnectAsync(runtime);
        Assert.NotNull(three);
        await three.DisposeAsync();
    }

    [Theory]
    [InlineData("close")]
    [InlineData("cut")]
    public async Task A_connection_that_goes_takes_its_sessions_with_it(string how)
    {
        await using RuntimeWorker runtime = await StartAsync(new RuntimeConnectionLimits());
        await using TestPeer peer = await TestPeer.ConnectAsync(runtime);
        foreach (string id in new[] { "s_1", "s_2" })
        {
            await peer.SendAsync(TestRuntime.Execute(id, Waits));
            await peer.NextAsync(id, "tool_call", "session_init");
        }

        // A session that has not begun must end as well.
        await peer.SendAsync(TestRuntime.Execute("s_3", Waits));
        await peer.NextAsync("s_3", "session_init");
        if (how == "close") await peer.CloseAsync();
        else peer.Cut();

        await TestRuntime.BecomesIdle(runtime);
        await Within.Becomes(() => runtime.GetStats().Connections == 0, "the connection was gone");
        Assert.Equal((3L, 3L), (runtime.GetStats().TotalSessions, runtime.GetStats().FailedExecutions));
    }

    [Fact]
    public async Task A_script_that_computes_ends_with_its_connection()
    {
        await using RuntimeWorker runtime = await TestRuntime.StartAsync(new RuntimeWorkerOptions
        {
            ConfigureHost = (host) => (host.Validate, host.MaxIterations) = (false, 1_000_000_000),
        });
        await using TestPeer peer = await TestPeer.ConnectAsync(runtime);
        await peer.SendAsync(TestRuntime.Execute("s_1", "console.log('now'); await callTool('x', {}); for (;;) {}"));
        string id = (await peer.NextAsync("s_1", "tool_call", "session_init", "stdout")).Payload().Text("callId");
        await peer.SendAsync($$"""{"type":"tool_result","sessionId":"s_1","callId":"{{id}}","success":true}""");
        await peer.NextAsync("s_1", "tool_result_applied", "tool_progress");

        peer.Cut();

        await TestRuntime.BecomesIdle(runtime);
    }

    [Theory]
    [InlineData("queue")]
    [InlineData("time")]
    public async Task A_peer_that_reads_next_to_nothing_is_cut_off(string bound)
    {
        var limits = bound == "queue"
            ? new RuntimeConnectionLimits { SendQueueBytes = 64 << 10, SendTimeout = TimeSpan.FromMilliseconds(300) }
            : new RuntimeConnectionLimits { SendTimeout = TimeSpan.FromMilliseconds(300) };
        var faults = new TaskCompletionSource<string>();
        await using RuntimeWorker runtime = await TestRuntime.StartAsync(new RuntimeWorkerOptions
        {
            Connections = limits,
            ConnectionHandlers = new RuntimeConnectionHandlers { OnError = (_, why) => faults.TrySetResult(why) },
        });
        using RawPeer peer = await RawPeer.ConnectAsync(runtime.Address!.Port);
        // 2 MB of each answer wait for a reader that reads almost nothing.
        const string Large = "const part = 'x'.repeat(100000); let text = ''; for (let i = 0; i < 20; i++) text += part; return text";
        for (int i = 0; i < 8; i++) await peer.SendTextAsync(TestRuntime.Execute($"s_{i}", Large));

        Assert.Equal("the peer reads too slowly", await Within.Deadline(faults.Task, "cut"));
        await TestRuntime.BecomesIdle(runtime);
        await Within.Becomes(() => runtime.GetStats().Connections == 0, "the connection was gone");
    }

    [Fact]
    public async Task A_peer_that_does_not_answer_pings_is_cut_off()
    {
        await using RuntimeWorker runtime = await TestRuntime.StartAsync(new RuntimeWorkerOptions
        {
            ConnectionTimeout = TimeSpan.FromMilliseconds(500),
            Connections = new RuntimeConnectionLimits { KeepAliveInterval = TimeSpan.FromMilliseconds(100) },
        });
        // A half-open connection: it exists, but nobody is at the other end.
        using RawPeer peer = await RawPeer.ConnectAsync(runtime.Address!.Port);
        await peer.SendTextAsync(TestRuntime.Execute("s_1", Waits));
        await Within.Becomes(() => runtime.GetStats().ActiveSessions == 1, "the session ran");

        await TestRuntime.BecomesIdle(runtime);
        await Within.Becomes(() => runtime.GetStats().Connections == 0, "the connection was gone");
    }

    [Fact]
    public async Task A_request_that_never_ends_is_cut_off()
    {
        await using RuntimeWorker runtime = await TestRuntime.StartAsync(new RuntimeWorkerOptions { ConnectionTimeout = TimeSpan.FromMilliseconds(500) });
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, runtime.Address!.Port);
        NetworkStream stream = socket.GetStream();
        await stream.WriteAsync("GET /ws HTTP/1.1\r\nHost: x\r\n"u8.ToArray());

        var answer = new byte[1000];
        int length = await Within.Deadline(stream.ReadAsync(answer).AsTask(), "end of the request");

        Assert.True(length == 0 || Encoding.ASCII.GetString(answer, 0, length).StartsWith("HTTP/1.1 408", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Many_peers_that_come_and_go_leave_nothing()
    {
        int peers = TestSize.Of(40, 400);
        await using RuntimeWorker runtime = await StartAsync(new RuntimeConnectionLimits { MaxConnections = peers });
        // An address has a limited number of connections that have shown no secret yet.
        await Parallel.ForEachAsync(Enumerable.Range(0, peers), new ParallelOptions { MaxDegreeOfParallelism = 100 }, async (n, _) =>
        {
            int how = n % 4;
            await using TestPeer peer = await TestPeer.ConnectAsync(runtime);
            await peer.SendAsync(TestRuntime.Execute($"s_{n}", how == 0 ? "return 1" : Waits));
            if (how == 0) await peer.ToEndAsync($"s_{n}");
            if (how == 1) await peer.SendAsync($$"""{"type":"cancel","sessionId":"s_{{n}}"}""");
            if (how == 2) peer.Cut();
            else await peer.CloseAsync();
        });

        await TestRuntime.BecomesIdle(runtime);
        await Within.Becomes(() => runtime.GetStats().Connections == 0, "all connections were gone");
    }

    private static Task<RuntimeWorker> StartAsync(RuntimeConnectionLimits limits) => TestRuntime.StartAsync(new RuntimeWorkerOptions { Connections = limits });

    private static async Task<TestPeer?> TryConnectAsync(RuntimeWorker runtime)
    {
        try
        {
            return await TestPeer.ConnectAsync(runtime);
        }
        catch (RefusedException)
        {
            return null;
        }
    }

    private static async Task SendUntilClosedAsync(TestPeer peer, Func<Task> send)
    {
        for (int i = 0; i < 100_000 && !peer.Closed.IsCompleted; i++)
        {
            try
            {
                await send();
            }
            catch (Exception gone) when (gone is System.Net.WebSockets.WebSocketException
                or OperationCanceledException or InvalidOperationException or IOException)
            {
                return;
            }
        }
    }
}
