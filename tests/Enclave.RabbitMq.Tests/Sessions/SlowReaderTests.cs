using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Enclave.Broker.Tests;
using Enclave.RabbitMq.Tests.Servers;
using Enclave.RabbitMq.Tests.Wire;
using Enclave.RabbitMq.Wire;
using Enclave.Tests;

namespace Enclave.RabbitMq.Tests.Sessions;

/// <summary>A run that is faster than the reader of its events waits for it, and loses nothing.</summary>
public sealed class SlowReaderTests(RabbitServer server)
{
    private const int Window = 64 << 10, Lines = 64, LineBytes = 4000;

    private readonly ConcurrentQueue<RawPeer.Heard> _heard = new();

    [Fact]
    public async Task A_run_waits_until_its_broker_says_what_was_taken()
    {
        await using var app = new QueueApp(server.Address);
        await app.Broker();
        await app.Runtime(queues: static (options) => options.HeartbeatInterval = TimeSpan.FromMilliseconds(100));
        await using RawPeer broker = await RawPeer.Connect(app);
        await broker.ListenWholeAsBroker(_heard.Enqueue);
        string run = UnguessableName.New();
        string code = $"for (let i = 0; i < {Lines}; i++) {{ console.log('x'.repeat({LineBytes})); }} return 'done'";
        await broker.PublishRun(Encoding.UTF8.GetBytes($$"""{"type":"execute","sessionId":"s_{{run}}","code":{{JsonSerializer.Serialize(code)}}}"""),
            run: run, broker: broker.Id, protocol: ProtocolOf(PeerFeatures.All));
        await Within.Becomes(() => _heard.Any((message) => message.Kind == MessageTypes.Ask), "it asks");
        string runtime = _heard.First((message) => message.Kind == MessageTypes.Ask).Sender;

        await broker.Order(runtime, MessageTypes.Begin, run, $$"""{"ttlMs":60000,"windowBytes":{{Window}}}""");
        long taken = 0;
        while (!Events().Any(IsFinal))
        {
            await Within.Becomes(() => Events().Any(IsFinal) || Ahead(taken) > Window / 2, "it is ahead, or has ended");
            // Half of the window, and the event that went above it.
            Assert.InRange(Ahead(taken), 0, (Window / 2) + Events().Max(Cost));
            if (Events().Any(IsFinal)) break;
            taken = Events().Max((message) => message.Number);
            await broker.Order(runtime, MessageTypes.Taken, run, number: taken);
        }

        RawPeer.Heard[] events = Events();
        Assert.Equal(Enumerable.Range(1, events.Length).Select((number) => (long)number), events.Select((message) => message.Number));
        Assert.True(events[^1].Text.Contains("\"done\"", StringComparison.Ordinal), events[^1].Text);
        Assert.True(events.Sum((message) => message.Text.Length) > Lines * LineBytes);
    }

    [Theory]
    [InlineData(PeerFeatures.All, true)]
    [InlineData(PeerFeatures.OfVersionBefore, false)]
    public async Task A_broker_tells_a_runtime_that_understands_it_what_was_taken(PeerFeatures features, bool tells)
    {
        await using var app = new QueueApp(server.Address);
        BrokerApp broker = await app.Broker(static (options) => options.MaxHeldBytes = 1 << 20);
        await using RawPeer peer = await RawPeer.Connect(app);
        await peer.ListenWhole(_heard.Enqueue);
        await Within.Becomes(() => peer.Present(1).IsCompletedSuccessfully && broker.Http.GetAsync("/health").GetAwaiter().GetResult().IsSuccessStatusCode,
            "the broker believes in a runtime");
        Task<JsonElement[]> running = broker.Run("return 1");
        (string run, string id, _) = await peer.TakeRun();
        await peer.Reply(id, MessageTypes.Ask, run, "{}", protocol: ProtocolOf(features));
        await Within.Becomes(() => _heard.Any((message) => message.Kind == MessageTypes.Begin), "it may begin");

        string head = $"{{\"protocolVersion\":2,\"sessionId\":\"s_{run}\",\"seq\":";
        await peer.Reply(id, MessageTypes.Event,
            run, head + """1,"type":"session_init","payload":{"cancelUrl":"/x","expiresAt":"2030-01-01T00:00:00.000Z","encryption":{"enabled":false}}}""", 1);
        for (int number = 2; number < Lines; number++) await peer.Reply(
            id, MessageTypes.Event, run, $"{head}{number},\"type\":\"stdout\",\"payload\":{{\"chunk\":\"{new string('x', LineBytes)}\"}}}}", number);
        await peer.Reply(id, MessageTypes.Event, run, $"{head}{Lines},\"type\":\"final\",\"payload\":{{\"ok\":true,\"result\":\"all\"}}}}", Lines);

        JsonElement final = (await Within.Deadline(running, "end of the session")).Final();
        Assert.True(final.TryGetProperty("result", out JsonElement result) && result.GetString() == "all", final.ToString());
        int window = JsonDocument.Parse(_heard.First((message) => message.Kind == MessageTypes.Begin).Text).RootElement.GetProperty("windowBytes").GetInt32();
        // Its message may be on the way while the session's end is here already.
        if (tells) await Within.Becomes(() => _heard.Any((message) => message.Kind == MessageTypes.Taken), "it tells what was taken");
        long[] told = [.. _heard.Where((message) => message.Kind == MessageTypes.Taken).Select((message) => message.Number)];
        Assert.Equal(tells ? 1 << 20 : 0, window);
        // More than a quarter of the window came.
        if (tells) Assert.InRange(told.Length, 1, 2);
        else Assert.Empty(told);
        Assert.Equal(told.Order(), told);
    }

    private static string ProtocolOf(PeerFeatures features) => features == PeerFeatures.All ? "2;least=1;features=return,credit" : "2;least=1;features=return";

    private static bool IsFinal(RawPeer.Heard message) => message.Text.Contains("\"type\":\"final\"", StringComparison.Ordinal);

    private RawPeer.Heard[] Events() => [.. _heard.Where((message) => message.Kind == MessageTypes.Event)];

    private long Ahead(long taken) => Events().Where((message) => message.Number > taken).Sum(Cost);

    private static long Cost(RawPeer.Heard message) => EventWindow.CostOf(Encoding.UTF8.GetByteCount(message.Text));

    /// <summary>The features that a peer announces.</summary>
    public enum PeerFeatures
    {
        All,
        OfVersionBefore,
    }
}
