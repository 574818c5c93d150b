using Enclave.Tests;

namespace Enclave.Client.UnitTests;

public sealed class WaitTests
{
    [Fact]
    public async Task Waits_between_connections_double_up_to_thirty_seconds_and_vary_by_a_third()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", Cut).On("GET /sessions/*/stream", (exchange) => exchange.AnswerAsync(503, ""));
        var clock = new ManualClock();
        await using EnclaveClient client = Unhurried(broker, clock, attempts: 7);

        Task<SessionResult> run = client.ExecuteAsync("x");
        await broker.NextAsync("request for a session");
        foreach (double seconds in (double[])[1, 2, 4, 8, 16, 30, 30])
        {
            await Within.Becomes(() => clock.Armed == 1, "the client waits");
            int asked = broker.Asked.Count;
            clock.Advance(TimeSpan.FromSeconds(seconds * 0.69));
            Assert.Equal(1, clock.Armed);
            PassRest(broker, clock, asked, TimeSpan.FromSeconds(seconds), 0.69);
            await broker.NextAsync($"request after {seconds} s");
        }

        Assert.Equal(ClientErrorCodes.ReconnectFailed, (await Within.Deadline(run, "result")).Error!.Code);
        Assert.Equal(1 + 7, broker.Asked.Count);
    }

    [Fact]
    public async Task Waits_begin_anew_after_something_came()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", Cut).On("GET /sessions/*/stream", (exchange) => exchange.AnswerAsync(503, ""),
            (exchange) => exchange.SendAsync(Wire.Stdout(exchange.SessionId, 2, "a")), (exchange) => exchange.SendAsync(Wire.Final(exchange.SessionId, 3)));
        var clock = new ManualClock();
        await using EnclaveClient client = Unhurried(broker, clock, attempts: 3);

        Task<SessionResult> run = client.ExecuteAsync("x");
        await broker.NextAsync("request for a session");
        foreach (double seconds in (double[])[1, 2, 1])
        {
            await Within.Becomes(() => clock.Armed == 1, "the client waits");
            PassRest(broker, clock, broker.Asked.Count, TimeSpan.FromSeconds(seconds), 0);
            await broker.NextAsync($"request after {seconds} s");
        }

        Assert.True((await Within.Deadline(run, "result")).Success);
    }

    [Fact]
    public async Task A_broker_that_asks_to_wait_is_believed_up_to_thirty_seconds()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", (exchange) => exchange.Header("Retry-After", "20").AnswerAsync(503, ""));
        broker.On("GET /sessions/*/stream", (exchange) => exchange.Header("Retry-After", "999999").AnswerAsync(503, ""), (exchange) =>
            exchange.SendAsync(Wire.Final(exchange.SessionId, 3)));
        var clock = new ManualClock();
        await using EnclaveClient client = Unhurried(broker, clock, attempts: 3);

        Task<SessionResult> run = client.ExecuteAsync("x");
        foreach (double seconds in (double[])[20, 30])
        {
            await broker.NextAsync("request");
            await Within.Becomes(() => clock.Armed == 1, "the client waits");
            clock.Advance(TimeSpan.FromSeconds(seconds - 0.05));
            Assert.Equal(1, clock.Armed);
            clock.Advance(TimeSpan.FromSeconds(0.06));
        }

        Assert.True((await Within.Deadline(run, "result")).Success);
    }

    [Fact]
    public async Task A_silent_connection_is_replaced_and_not_doubled()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", async (exchange) =>
        {
            await exchange.SendAsync(Wire.Init(exchange.SessionId));
            await exchange.HoldAsync();
        });
        broker.On("GET /sessions/*/stream", (exchange) => exchange.SendAsync(Wire.Final(exchange.SessionId, 2)));
        var clock = new ManualClock();
        await using EnclaveClient client = new(
            new EnclaveClientOptions { BaseUrl = broker.BaseUrl, TimeProvider = clock, Timeout = Timeout.InfiniteTimeSpan, ReconnectDelay = TimeSpan.Zero });
        await using ClientSession session = await client.StartAsync("x");
        Exchange first = await broker.NextAsync("request for a session");
        await Within.Becomes(() => session.NextSeq == 2, "the first event has come");

        clock.Advance(TimeSpan.FromSeconds(29.9));
        Assert.False(first.Left.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(0.2));

        await first.LeftAsync();
        Assert.True((await Within.Deadline(session.Completion, "result")).Success);
        Assert.Equal($"GET /sessions/{session.SessionId}/stream?from=2&fromSeq=2", broker.Asked[^1]);
    }

    [Fact]
    public async Task Any_event_is_a_sign_of_life()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        var beats = System.Threading.Channels.Channel.CreateUnbounded<string>();
        broker.On("POST /sessions", async (exchange) =>
        {
            await exchange.SendAsync(Wire.Init(exchange.SessionId));
            await foreach (string line in beats.Reader.ReadAllAsync()) await exchange.SendAsync(line);
        });
        var clock = new ManualClock();
        await using EnclaveClient client = Unhurried(broker, clock, attempts: 3, heartbeat: TimeSpan.FromSeconds(30));
        await using ClientSession session = await client.StartAsync("x");
        for (int seq = 2; seq < 6; seq++)
        {
            await Within.Becomes(() => session.NextSeq == seq, "the last event has come");
            clock.Advance(TimeSpan.FromSeconds(25));
            beats.Writer.TryWrite(seq % 2 == 0 ? Wire.Heartbeat(session.SessionId, seq) : Wire.Stdout(session.SessionId, seq, "a"));
        }

        await Within.Becomes(() => session.NextSeq == 6, "the last event has come");
        beats.Writer.TryWrite(Wire.Final(session.SessionId, 6));
        beats.Writer.Complete();

        Assert.Equal(0, (await Within.Deadline(session.Completion, "result")).Stats.Reconnects);
    }

    [Fact]
    public async Task Lines_that_are_no_events_are_no_sign_of_life()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", async (exchange) =>
        {
            await exchange.SendAsync("", "{}", "garbage");
            await exchange.HoldAsync();
        });
        var clock = new ManualClock();
        await using EnclaveClient client = new(
            new EnclaveClientOptions { BaseUrl = broker.BaseUrl, TimeProvider = clock, AutoReconnect = false, Timeout = Timeout.InfiniteTimeSpan });
        await using ClientSession session = await client.StartAsync("x");

        clock.Advance(TimeSpan.FromSeconds(30.1));

        Assert.Equal(new ClientError(ClientErrorCodes.NetworkError, "no event for 30 s"), (await Within.Deadline(session.Completion, "result")).Error);
    }

    [Fact]
    public async Task A_session_that_takes_too_long_is_cancelled_and_ends_in_TIMEOUT()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", async (exchange) =>
        {
            await exchange.SendAsync(Wire.Init(exchange.SessionId));
            await exchange.HoldAsync();
        }).On("POST /sessions/*/cancel", (exchange) => exchange.AnswerAsync(200, "{}"));
        var clock = new ManualClock();
        await using EnclaveClient client = new(
            new EnclaveClientOptions { BaseUrl = broker.BaseUrl, TimeProvider = clock, HeartbeatTimeout = Timeout.InfiniteTimeSpan });
        Task<SessionResult> usual = client.ExecuteAsync("x");
        Task<SessionResult> longer = client.ExecuteAsync("x", new ExecuteOptions { Timeout = TimeSpan.FromSeconds(90) });
        await broker.NextAsync("request for a session");
        await broker.NextAsync("request for the other session");

        clock.Advance(TimeSpan.FromSeconds(59.9));
        Assert.False(usual.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(new ClientError(ClientErrorCodes.Timeout, "The session took longer than 60 s"), (await Within.Deadline(usual, "result")).Error);
        Assert.Equal((await usual).SessionId, (await broker.NextAsync("POST /sessions/*/cancel", "cancel")).SessionId);
        Assert.False(longer.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(ClientErrorCodes.Timeout, (await Within.Deadline(longer, "other result")).Error!.Code);
        Assert.Equal(TimeSpan.FromSeconds(90.1), (await longer).Stats.Duration);
    }

    [Fact]
    public async Task A_session_whose_broker_stays_away_until_its_time_ends_in_NETWORK_ERROR()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", Cut);
        var clock = new ManualClock();
        await using EnclaveClient client = new(new EnclaveClientOptions
        {
            BaseUrl = broker.BaseUrl,
            TimeProvider = clock,
            HeartbeatTimeout = Timeout.InfiniteTimeSpan,
            ReconnectDelay = TimeSpan.FromSeconds(30),
        });

        Task<SessionResult> run = client.ExecuteAsync("x", new ExecuteOptions { Timeout = TimeSpan.FromSeconds(10) });
        await broker.NextAsync("request for a session");
        await Within.Becomes(() => clock.Armed == 2, "the client waits before it connects again");
        clock.Advance(TimeSpan.FromSeconds(10.1));

        ClientError error = (await Within.Deadline(run, "result")).Error!;
        Assert.Equal(ClientErrorCodes.NetworkError, error.Code);
        Assert.StartsWith("The session took longer than 10 s; the last connection failed: ", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Moves the clock past the longest wait, in small steps: the rest of a step counts for the next wait.</summary>
    private static void PassRest(ScriptedBroker broker, ManualClock clock, int asked, TimeSpan wait, double passed)
    {
        for (double part = passed; part < 1.301 && clock.Armed == 1 && broker.Asked.Count == asked; part += 0.004) clock.Advance(wait * 0.004);
    }

    private static async Task Cut(Exchange exchange)
    {
        await exchange.SendAsync(Wire.Init(exchange.SessionId));
        exchange.Cut();
    }

    /// <summary>Without any timer except the wait between connections, unless a heartbeat is requested.</summary>
    private static EnclaveClient Unhurried(ScriptedBroker broker, ManualClock clock, int attempts, TimeSpan? heartbeat = null) => new(new EnclaveClientOptions
    {
        BaseUrl = broker.BaseUrl,
        TimeProvider = clock,
        Timeout = Timeout.InfiniteTimeSpan,
        HeartbeatTimeout = heartbeat ?? Timeout.InfiniteTimeSpan,
        MaxReconnectAttempts = attempts,
    });
}
