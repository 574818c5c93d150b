using Enclave.Tests;

namespace Enclave.Runtime.Tests.Security;

/// <summary>A peer with the secret takes what others need: places, memory, work.</summary>
public sealed class CrowdedRuntimeTests
{
    private const string Waits = "await callTool('x', {})";

    [Fact]
    public async Task Connections_without_a_session_keep_no_other_broker_out()
    {
        const int Places = 4;
        await using RuntimeWorker runtime = await StartAsync(new RuntimeConnectionLimits { MaxConnections = Places });
        await using TestPeer busy = await TestPeer.ConnectAsync(runtime);
        await busy.SendAsync(TestRuntime.Execute("s_busy", Waits));
        await busy.NextAsync("s_busy", "tool_call", "session_init", "tool_progress");
        var idle = new List<TestPeer>();
        for (int i = 0; i < Places - 1; i++) idle.Add(await TestPeer.ConnectAsync(runtime));

        await using TestPeer other = await TestPeer.ConnectAsync(runtime);
        await other.SendAsync(TestRuntime.Execute("s_other", "return 1"));

        Assert.Equal("final", (await other.NextAsync("s_other", "final", "session_init")).Type());
        Assert.Equal(1008, (await Within.Deadline(idle[0].Closed, "the oldest without a session makes room")).Item1);
        await busy.SendAsync("""{"type":"ping"}""");
        Assert.Equal("pong", (await busy.NextAsync("")).Type());
        foreach (TestPeer peer in idle) await peer.DisposeAsync();
    }

    [Fact]
    public async Task Unfinished_messages_take_no_more_than_four_whole_ones()
    {
        const int Message = 4 << 20, Peers = 24;
        await using RuntimeWorker runtime = await StartAsync(new RuntimeConnectionLimits { MaxMessageBytes = Message });
        var peers = new List<RawPeer>();
        try
        {
            for (int i = 0; i < Peers; i++)
            {
                RawPeer peer = await RawPeer.ConnectAsync(runtime.Address!.Port);
                peers.Add(peer);
                // All of the largest message but its last byte, and then nothing.
                try
                {
                    await peer.SendAsync([0x81, 0x80 | 127, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, .. new byte[Message - 1]]);
                }
                catch (IOException)
                {
                    // It was given up while it sent.
                }
            }

            await Within.Becomes(() => runtime.GetStats().Connections <= 4, "those that began first are given up");
            await using TestPeer other = await TestPeer.ConnectAsync(runtime);
            await other.SendAsync(TestRuntime.Execute("s_other", "return 1"));
            Assert.Equal("final", (await other.NextAsync("s_other", "final", "session_init")).Type());
        }
        finally
        {
            foreach (RawPeer peer in peers) peer.Dispose();
        }
    }

    [Theory]
    [InlineData(0x89)]
    [InlineData(0x8A)]
    public async Task Pings_and_pongs_count(byte kind)
    {
        await using RuntimeWorker runtime = await StartAsync(new RuntimeConnectionLimits { MaxMessagesPerSecond = 100 });
        using RawPeer peer = await RawPeer.ConnectAsync(runtime.Address!.Port);
        byte[] frame = [kind, 0x80, 0, 0, 0, 0];

        try
        {
            for (int i = 0; i < 100; i++) await peer.SendAsync([.. Enumerable.Repeat(frame, 100).SelectMany((one) => one)]);
        }
        catch (IOException)
        {
            // The connection has ended.
        }

        await Within.Becomes(() => runtime.GetStats().Connections == 0, "a flood of them ends its connection");
        await using TestPeer other = await TestPeer.ConnectAsync(runtime);
        await other.SendAsync("""{"type":"ping"}""");
        Assert.Equal("pong", (await other.NextAsync("")).Type());
    }

    private static Task<RuntimeWorker> StartAsync(RuntimeConnectionLimits limits) => TestRuntime.StartAsync(new RuntimeWorkerOptions { Connections = limits });
}
