using System.Text;
using System.Text.Json;
using Enclave.Broker.Tests;
using Enclave.RabbitMq.Brokers;
using Enclave.RabbitMq.Tests.Servers;
using Enclave.RabbitMq.Tests.Wire;
using Enclave.RabbitMq.Wire;
using Enclave.Streaming.Peers;
using Enclave.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Enclave.RabbitMq.Tests.Upgrades;

/// <summary>Parts that report another protocol version, or an unreadable one.</summary>
public sealed class ProtocolTests(RabbitServer server)
{
    [Theory]
    [InlineData("\"999\"", "versions 998 to 999")]
    [InlineData("\"5;least=3;features=return\"", "versions 3 to 5")]
    [InlineData("\"latest\"", "did not report a readable protocol version")]
    [InlineData("\"2;least=9\"", "did not report a readable protocol version")]
    [InlineData("{\"version\":2}", "did not report a readable protocol version")]
    public async Task A_runtime_that_cannot_be_spoken_with_gets_nothing_and_sessions_say_so(string said, string told)
    {
        await using var app = new QueueApp(server.Address);
        BrokerApp broker = await app.Broker((options) => options.QueueTimeout = TimeSpan.FromSeconds(1));
        await using RawPeer peer = await RawPeer.Connect(app);
        var dispatcher = broker.Services.GetRequiredService<Dispatcher>();
        await Within.Becomes(() => peer.Present(4, said).IsCompletedSuccessfully && dispatcher.ProtocolMismatch is not null, "the broker has seen it");

        JsonElement final = (await broker.Run("return 1")).Final();

        Assert.Equal("PROTOCOL_UNSUPPORTED", final.ErrorCode());
        Assert.Contains(told, final.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.False(dispatcher.HasRuntime);
        Assert.Equal(0u, await peer.Count(new QueueNames(app.Prefix).RunsOf("standard.default")));
        // A second, compatible runtime is not affected.
        await app.Runtime();
        await QueueApp.Ready(broker);
        Assert.Equal(2, (await broker.Run("return 2")).Final().GetProperty("result").GetInt32());
    }

    [Theory]
    [InlineData("\"999;least=1;features=teleport,return;colour=blue\"")]
    [InlineData("\"1\"")]
    public async Task A_runtime_that_has_a_version_in_common_is_used_whatever_else_it_says(string said)
    {
        await using var app = new QueueApp(server.Address);
        BrokerApp broker = await app.Broker();
        await using RawPeer peer = await RawPeer.Connect(app);
        var dispatcher = broker.Services.GetRequiredService<Dispatcher>();

        await Within.Becomes(() => peer.Present(4, said).IsCompletedSuccessfully && dispatcher.HasRuntime, "the broker has a runtime");

        Assert.Null(dispatcher.ProtocolMismatch);
    }

    [Fact]
    public async Task A_run_that_a_runtime_asks_for_whose_protocol_nobody_knows_is_offered_to_others()
    {
        await using var app = new QueueApp(server.Address);
        BrokerApp broker = await app.Broker();
        await using RawPeer peer = await RawPeer.Connect(app);
        var heard = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await peer.Listen(heard.Enqueue);
        await Within.Becomes(() => peer.Present(1).IsCompletedSuccessfully && broker.Http.GetAsync("/health").GetAwaiter().GetResult().IsSuccessStatusCode,
            "the broker believes in a runtime");
        Task<JsonElement[]> running = broker.Run("return 3");
        (string run, string id, _) = await peer.TakeRun();

        await peer.Reply(id, MessageTypes.Ask, run, "{}", protocol: "999");
        await Within.Becomes(() => heard.Contains(MessageTypes.Drop), "it is told to let go");
        await app.Runtime();

        Assert.Equal(3, (await Within.Deadline(running, "end of the session")).Final().GetProperty("result").GetInt32());
        Assert.DoesNotContain(MessageTypes.Begin, heard);
    }

    [Theory]
    [InlineData("999", false)]
    [InlineData("7;least=3", false)]
    [InlineData("newest", false)]
    [InlineData("3;least=2;features=return;place=of-birth", true)]
    [InlineData(null, true)]
    public async Task A_runtime_takes_runs_of_brokers_that_it_can_speak_with(string? said, bool taken)
    {
        await using var app = new QueueApp(server.Address);
        await app.Broker();
        RuntimeOverQueues runtime = await app.Runtime();
        await using RawPeer peer = await RawPeer.Connect(app);
        var heard = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await peer.ListenAsBroker((kind, _) => heard.Enqueue(kind));
        string run = UnguessableName.New();

        await peer.PublishRun(Run(run), run: run, broker: peer.Id, protocol: said);

        await Within.Becomes(() => taken ? heard.Contains(MessageTypes.Ask) : runtime.Queues.RefusedMessages == 1, taken ? "it asks" : "it refuses");
        Assert.Equal(taken ? 0 : 1, runtime.Queues.RefusedMessages);
        Assert.Equal(taken, heard.Contains(MessageTypes.Ask));
    }

    internal static byte[] Run(string name) => Encoding.UTF8.GetBytes($$"""{"type":"execute","sessionId":"s_{{name}}","code":"return 1"}""");

    internal static string Ours => PeerProtocol.Ours.ToString();
}
