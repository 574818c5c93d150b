using System.Text;
using System.Text.Json;
using Enclave.Broker.Tests;
using Enclave.RabbitMq.Tests.Servers;
using Enclave.RabbitMq.Tests.Wire;
using Enclave.RabbitMq.Wire;
using Enclave.Tests;

namespace Enclave.RabbitMq.Tests.Failures;

/// <summary>Messages that no honest peer would send.</summary>
public sealed class HostileTests(RabbitServer server)
{
    private const string Init = """{"protocolVersion":2,"sessionId":"s_RUN","seq":1""" +
        ""","type":"session_init","payload":{"cancelUrl":"/x","expiresAt":"2030-01-01T00:00:00.000Z","encryption":{"enabled":false}}}""";

    private readonly Effects _effects = new();

    [Fact]
    public async Task A_message_that_is_no_run_is_refused_counted_and_kept_for_people()
    {
        await using var app = new QueueApp(server.Address);
        BrokerApp broker = await app.Broker();
        RuntimeOverQueues runtime = await app.Runtime(queues: (options) => options.MaxMessageBytes = 64 << 10);
        await using RawPeer peer = await RawPeer.Connect(app);
        string name = UnguessableName.New();
        byte[] run = Encoding.UTF8.GetBytes($$"""{"type":"execute","sessionId":"s_{{name}}","code":"return 1"}""");

        await peer.PublishRun("{{{{"u8.ToArray());
        await peer.PublishRun(run, kind: null, run: name);
        await peer.PublishRun(run, run: "not-a-name");
        await peer.PublishRun(run, run: UnguessableName.New());
        await peer.PublishRun("""{"type":"ping"}"""u8.ToArray(), run: name);
        await peer.PublishRun(new byte[100_000], run: name);

        await Within.Becomes(() => runtime.Queues.RefusedMessages == 6, "six were refused", () => $"{runtime.Queues.RefusedMessages} were");
        await Within.Becomes(() => peer.Count(new QueueNames(app.Prefix).Refused).GetAwaiter().GetResult() == 6, "six are kept");
        Assert.Equal(1, (await broker.Run("return 1")).Final().GetProperty("result").GetInt32());
        Assert.Equal(1, runtime.Worker.GetStats().TotalSessions);
    }

    [Fact]
    public async Task A_run_of_a_broker_that_never_was_begins_nowhere()
    {
        await using var app = new QueueApp(server.Address);
        BrokerApp broker = await app.Broker();
        RuntimeOverQueues runtime = await app.Runtime();
        await using RawPeer peer = await RawPeer.Connect(app);
        string name = UnguessableName.New();

        await peer.PublishRun(
            Encoding.UTF8.GetBytes($$"""{"type":"execute","sessionId":"s_{{name}}","code":"return 1"}"""), run: name, broker: UnguessableName.New());

        Assert.Equal(2, (await broker.Run("return 2")).Final().GetProperty("result").GetInt32());
        await Within.Becomes(() => peer.Count(new QueueNames(app.Prefix).RunsOf("standard.default")).GetAwaiter().GetResult() == 0, "the run is gone");
        Assert.Equal(1, runtime.Worker.GetStats().TotalSessions);
    }

    [Fact]
    public async Task A_run_that_is_published_again_by_somebody_else_runs_once()
    {
        await using var app = new QueueApp(server.Address);
        BrokerApp broker = await app.Broker(enclave: _effects.Add);
        RuntimeOverQueues runtime = await app.Runtime();
        await using RawPeer peer = await RawPeer.Connect(app);
        List<(string Run, string Broker, byte[] Body)> seen = await peer.Spy();
        Task<JsonElement[]> running = broker.Run("await callTool('effect', { name: 'ran' }); await callTool('time:sleep', { ms: 500 }); return 1;");
        await Within.Becomes(() => _effects.Seen.Length == 1, "the script has begun");

        await peer.PublishRun(seen[0].Body, run: seen[0].Run, broker: seen[0].Broker);
        await running;
        await peer.PublishRun(seen[0].Body, run: seen[0].Run, broker: seen[0].Broker);

        Assert.Equal(2, (await broker.Run("return 2")).Final().GetProperty("result").GetInt32());
        Assert.Equal(["ran"], _effects.Seen);
        Assert.Equal(2, runtime.Worker.GetStats().TotalSessions);
    }

    [Fact]
    public async Task A_run_whose_first_runtime_may_have_begun_is_refused_to_the_second()
    {
        await using var app = new QueueApp(server.Address);
        BrokerApp broker = await app.Broker(enclave: _effects.Add);
        Task<JsonElement[]> running;
        await using (RawPeer peer = await RawPeer.Connect(app))
        {
            var heard = new System.Collections.Concurrent.ConcurrentQueue<string>();
            await peer.Listen(heard.Enqueue);
            await Within.Becomes(() => peer.Present(1).IsCompletedSuccessfully && broker.Http.GetAsync("/health").GetAwaiter().GetResult().IsSuccessStatusCode,
                "the broker believes in a runtime");
            running = broker.Run("await callTool('effect', { name: 'ran' }); return 1;");
            (string run, string id, _) = await peer.TakeRun();
            await peer.Reply(id, MessageTypes.Ask, run, "{}");
            await Within.Becomes(() => heard.Contains(MessageTypes.Begin), "it may begin");

            // Sent again, as after a lost connection.
            await peer.Reply(id, MessageTypes.Ask, run, "{}");
            await Within.Becomes(() => heard.Contains(MessageTypes.Drop), "the second that asks may not");
        }

        // The delivery was never acknowledged, so the server delivers it again.
        RuntimeOverQueues second = await app.Runtime();
        JsonElement[] events = await running;

        Assert.Equal("RUNTIME_LOST", events.Final().ErrorCode());
        Assert.Contains("before the script called a tool; the script was not run again",
            events.Final().GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, (await broker.Run("return 2")).Final().GetProperty("result").GetInt32());
        Assert.Empty(_effects.Seen);
        Assert.Equal(1, second.Worker.GetStats().TotalSessions);
    }

    [Fact]
    public async Task A_runtime_drops_the_runs_that_it_reports_and_that_were_not_granted_to_it()
    {
        await using var app = new QueueApp(server.Address);
        BrokerApp broker = await app.Broker();
        await using RawPeer peer = await RawPeer.Connect(app);
        var heard = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await peer.Listen(heard.Enqueue);
        await Within.Becomes(() => peer.Present(1).IsCompletedSuccessfully && broker.Http.GetAsync("/health").GetAwaiter().GetResult().IsSuccessStatusCode,
            "the broker believes in a runtime");
        Task<JsonElement[]> running = broker.Run("return 1");
        (string run, string id, _) = await peer.TakeRun();
        await peer.Reply(id, MessageTypes.Ask, run, "{}");
        await Within.Becomes(() => heard.Contains(MessageTypes.Begin), "it may begin");

        await peer.Reply(id, MessageTypes.Alive, null, $$$"""{"runs":{"{{{run}}}":0}}""");
        await peer.Reply(id, MessageTypes.Alive, null, $$$"""{"runs":{"{{{run}}}":0,"{{{UnguessableName.New()}}}":3}}""");

        await Within.Becomes(() => heard.Contains(MessageTypes.Drop), "the run that was not granted is dropped");
        await peer.Reply(id, MessageTypes.Event, run, Init.Replace("RUN", run, StringComparison.Ordinal), 1);
        await peer.Reply(id, MessageTypes.Event, run, Final(run, 2, "VALID"), 2);
        Assert.Equal("VALID", (await Within.Deadline(running, "end of the session")).Final().ErrorCode());
        Assert.Single(heard, (kind) => kind == MessageTypes.Drop);
    }

    [Theory]
    [InlineData(3, "RUNTIME_LOST")]
    [InlineData(1, "VALID")]
    public async Task Events_that_leave_a_gap_end_the_session_and_repeats_are_passed_over(long second, string expected)
    {
        await using var app = new QueueApp(server.Address);
        BrokerApp broker = await app.Broker();
        await using RawPeer peer = await RawPeer.Connect(app);
        await peer.Listen((_) => { });
        await Within.Becomes(() => peer.Present(1).IsCompletedSuccessfully && broker.Http.GetAsync("/health").GetAwaiter().GetResult().IsSuccessStatusCode,
            "the broker believes in a runtime");
        Task<JsonElement[]> running = broker.Run("return 1");
        (string run, string id, _) = await peer.TakeRun();
        await peer.Reply(id, MessageTypes.Ask, run, "{}");

        await peer.Reply(id, MessageTypes.Event, run, Init.Replace("RUN", run, StringComparison.Ordinal), 1);
        await peer.Reply(id, MessageTypes.Event, run, Final(run, second, "VALID"), second);
        await peer.Reply(id, MessageTypes.Event, run, "no json", 2);
        await peer.Reply(id, MessageTypes.Event, run, Final(run, 3, "VALID"), 3);

        Assert.Equal(expected, (await Within.Deadline(running, "end of the session")).Final().ErrorCode());
    }

    [Fact]
    public async Task Messages_of_others_about_a_session_are_not_believed()
    {
        await using var app = new QueueApp(server.Address);
        BrokerApp broker = await app.Broker(enclave: _effects.Add);
        await app.Runtime();
        await using RawPeer peer = await RawPeer.Connect(app);
        List<(string Run, string Broker, byte[] Body)> seen = await peer.Spy();
        Task<JsonElement[]> running = broker.Run("await callTool('effect', { name: 'ran' }); await callTool('time:sleep', { ms: 500 }); return 1;");
        await Within.Becomes(() => _effects.Seen.Length == 1, "the script has begun");
        (string run, string id, _) = seen[0];

        for (int n = 1; n < 20; n++) await peer.Reply(id, MessageTypes.Event, run, Final(run, n, "FORGED"), n);
        await peer.Reply(id, MessageTypes.Alive, null, """{"runs":{}}""");
        await peer.Reply(id, "nonsense", run, new string('x', 1000));
        await peer.Reply(id, MessageTypes.Alive, null, "[[[[[[[[");

        Assert.Equal(1, (await running).Final().GetProperty("result").GetInt32());
    }

    private static string Final(string run, long seq, string code) =>
        """{"protocolVersion":2,"sessionId":"s_RUN","seq":SEQ,"type":"final","payload":{"ok":false,"error":{"code":"CODE","message":"m"}}}"""
            .Replace("RUN", run, StringComparison.Ordinal).Replace("SEQ", $"{seq}", StringComparison.Ordinal).Replace("CODE", code, StringComparison.Ordinal);
}
