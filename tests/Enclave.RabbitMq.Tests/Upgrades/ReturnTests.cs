using System.Collections.Concurrent;
using System.Text.Json;
using Enclave.Broker.Tests;
using Enclave.RabbitMq.Brokers;
using Enclave.RabbitMq.Tests.Servers;
using Enclave.RabbitMq.Tests.Wire;
using Enclave.RabbitMq.Wire;
using Enclave.Tests;

namespace Enclave.RabbitMq.Tests.Upgrades;

/// <summary>Runs that a stopping runtime returns.</summary>
public sealed class ReturnTests(RabbitServer server)
{
    private const string Init = """{"protocolVersion":2,"sessionId":"s_RUN","seq":1""" +
        ""","type":"session_init","payload":{"cancelUrl":"/x","expiresAt":"2030-01-01T00:00:00.000Z","encryption":{"enabled":false}}}""";

    private const string Final = """{"protocolVersion":2,"sessionId":"s_RUN","seq":2,"type":"final","payload":{"ok":true,"result":"of the first"}}""";

    private readonly ConcurrentQueue<string> _heard = new();

    [Fact]
    public async Task A_runtime_that_stops_gives_back_at_once_what_it_took_and_did_not_begin()
    {
        await using var app = new QueueApp(server.Address);
        await app.Broker();
        // Longer than the test may take: returning a run does not wait for it.
        RuntimeOverQueues runtime = await app.Runtime(queues: (options) => options.AskTimeout = TimeSpan.FromMinutes(5));
        await using RawPeer broker = await RawPeer.Connect(app);
        string runtimeId = "";
        await broker.ListenAsBroker((kind, who) =>
        {
            runtimeId = who;
            _heard.Enqueue(kind);
        });
        string run = UnguessableName.New();
        await broker.PublishRun(ProtocolTests.Run(run), run: run, broker: broker.Id, protocol: ProtocolTests.Ours);
        await Within.Becomes(() => _heard.Contains(MessageTypes.Ask), "it asks");

        Task stopping = runtime.Queues.StopAsync();
        await Within.Becomes(() => _heard.Contains(MessageTypes.Return), "it gives the run back");
        // A late answer changes nothing.
        await broker.Order(runtimeId, MessageTypes.Begin, run);
        Assert.False(stopping.IsCompleted);
        await broker.Order(runtimeId, MessageTypes.Drop, run);
        await Within.Deadline(stopping, "end of the stop");

        Assert.Equal(0, runtime.Worker.GetStats().TotalSessions);
        // Its message is removed and not delivered to another runtime.
        Assert.Equal(0u, await broker.Count(new QueueNames(app.Prefix).RunsOf("standard.default")));
        Assert.Equal(0u, await broker.Count(new QueueNames(app.Prefix).Refused));
    }

    [Fact]
    public async Task To_a_broker_that_says_nothing_of_it_nothing_is_given_back_and_its_answer_is_waited_for()
    {
        await using var app = new QueueApp(server.Address);
        await app.Broker();
        RuntimeOverQueues runtime = await app.Runtime();
        await using RawPeer broker = await RawPeer.Connect(app);
        await broker.ListenAsBroker((kind, _) => _heard.Enqueue(kind));
        string run = UnguessableName.New();
        await broker.PublishRun(ProtocolTests.Run(run), run: run, broker: broker.Id);
        await Within.Becomes(() => _heard.Contains(MessageTypes.Ask), "it asks");

        // After AskTimeout, which is 5 s, the server has it back.
        await Within.Deadline(runtime.Queues.StopAsync(), "end of the stop");

        Assert.DoesNotContain(MessageTypes.Return, _heard);
    }

    [Fact]
    public async Task A_run_that_comes_back_often_is_no_failed_try_and_runs_elsewhere_once()
    {
        await using var app = new QueueApp(server.Address);
        BrokerApp broker = await app.Broker();
        Task<JsonElement[]> running;
        await using (RawPeer peer = await Believed(app, broker))
        {
            running = broker.Run("return 'elsewhere'");
            for (int i = 0; i < Dispatcher.MaxReturns; i++)
            {
                (string run, string id, _) = await peer.TakeRun();
                // Half of them were allowed to begin, but had stopped before.
                if (i % 2 == 1)
                {
                    await peer.Reply(id, MessageTypes.Ask, run, "{}");
                    await Within.Becomes(() => _heard.Contains(MessageTypes.Begin), "it may begin");
                }

                _heard.Clear();
                await peer.Reply(id, MessageTypes.Return, run, "");
                await Within.Becomes(() => _heard.Contains(MessageTypes.Drop), "the broker has heard it");
                await peer.Acknowledge();
            }
        }

        await app.Runtime();

        Assert.Equal("elsewhere", (await Within.Deadline(running, "end of the session")).Final().GetProperty("result").GetString());
    }

    [Fact]
    public async Task A_run_that_has_begun_or_is_anothers_is_not_given_back()
    {
        await using var app = new QueueApp(server.Address);
        BrokerApp broker = await app.Broker();
        await using RawPeer peer = await Believed(app, broker), other = await RawPeer.Connect(app);
        Task<JsonElement[]> running = broker.Run("return 1");
        (string run, string id, _) = await peer.TakeRun();
        await peer.Reply(id, MessageTypes.Ask, run, "{}");
        await Within.Becomes(() => _heard.Contains(MessageTypes.Begin), "it may begin");
        await other.Reply(id, MessageTypes.Return, run, "");
        await other.Reply(id, MessageTypes.Return, UnguessableName.New(), "");

        await peer.Reply(id, MessageTypes.Event, run, Init.Replace("RUN", run, StringComparison.Ordinal), 1);
        await peer.Reply(id, MessageTypes.Return, run, "");
        await peer.Reply(id, MessageTypes.Event, run, Final.Replace("RUN", run, StringComparison.Ordinal), 2);

        Assert.Equal("of the first", (await Within.Deadline(running, "end of the session")).Final().GetProperty("result").GetString());
    }

    private async Task<RawPeer> Believed(QueueApp app, BrokerApp broker)
    {
        RawPeer peer = await RawPeer.Connect(app);
        await peer.Listen(_heard.Enqueue);
        await Within.Becomes(() => peer.Present(1).IsCompletedSuccessfully && broker.Http.GetAsync("/health").GetAwaiter().GetResult().IsSuccessStatusCode,
            "the broker believes in a runtime");
        return peer;
    }
}
