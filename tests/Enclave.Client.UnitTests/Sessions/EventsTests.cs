using System.Text.Json;
using Enclave.Streaming;
using Enclave.Tests;

namespace Enclave.Client.UnitTests;

public sealed class EventsTests
{
    [Fact]
    public async Task Events_come_as_they_happen()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        var heard = new TaskCompletionSource();
        broker.On("POST /sessions", async (exchange) =>
        {
            await exchange.SendAsync(Wire.Init(exchange.SessionId), Wire.Stdout(exchange.SessionId, 2, "a"));
            await exchange.UntilAsync(heard.Task);
            await exchange.SendAsync(Wire.Final(exchange.SessionId, 3));
        });
        await using EnclaveClient client = broker.Client();
        await using ClientSession session = await client.StartAsync("x");
        var read = new List<string>();

        await Within.Deadline(Read(), "end of the events");

        Assert.Equal(["1 session_init", "2 stdout", "3 final"], read);
        Assert.True((await session.Completion).Success);

        async Task Read()
        {
            await foreach (SessionEvent taken in session.Events)
            {
                read.Add(taken.ToString());
                // The broker continues only after this, so the test hangs if an event is not passed on at once.
                if (taken.Payload is Stdout) heard.SetResult();
            }
        }
    }

    [Fact]
    public async Task A_reader_who_lags_misses_nothing_and_makes_the_broker_wait()
    {
        const int Count = 5000;
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        var reads = new TaskCompletionSource();
        broker.On("POST /sessions", async (exchange) =>
        {
            string id = exchange.SessionId;
            await exchange.SendAsync(Wire.Init(id));
            await exchange.UntilAsync(reads.Task);
            await exchange.SendRawAsync(
                System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(2, Count).Select((seq) => $"{Wire.Stdout(id, seq, "a")}\n"))));
            await exchange.SendAsync(Wire.Final(id, Count + 2));
        });
        await using EnclaveClient client = new(new EnclaveClientOptions { BaseUrl = broker.BaseUrl, MaxBufferedEvents = 4 });
        await using ClientSession session = await client.StartAsync("x");
        long last = 0;

        await foreach (SessionEvent taken in session.Events)
        {
            reads.TrySetResult();
            Assert.Equal(last + 1, taken.Seq);
            last = taken.Seq;
            // Four are buffered, one waits for room, and one is here.
            Assert.InRange(session.NextSeq!.Value - taken.Seq, 1, 6);
        }

        Assert.Equal((Count + 2, 0), (last, session.EventsMissed));
    }

    [Fact]
    public async Task A_caller_that_does_not_read_holds_nothing_up()
    {
        const int Count = 5000;
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", async (exchange) =>
        {
            for (int seq = 1; seq <= Count; seq++) await exchange.SendAsync(Wire.Stdout(exchange.SessionId, seq, "a"));
            await exchange.SendAsync(Wire.Final(exchange.SessionId, Count + 1));
        });
        await using EnclaveClient client = new(new EnclaveClientOptions { BaseUrl = broker.BaseUrl, MaxBufferedEvents = 4, MaxKeptEvents = 10 });
        await using ClientSession session = await client.StartAsync("x");

        SessionResult result = await Within.Deadline(session.Completion, "result that nobody reads the events of");

        Assert.True(result.Success);
        Assert.Equal(Count, result.Stats.StdoutBytes);
        Assert.Equal((10 + 1, Count - 10), (result.Events.Count, result.EventsNotKept));
        Assert.Equal(Count - 4, session.EventsMissed);
        var late = new List<string>();
        await foreach (SessionEvent taken in session.Events) late.Add(taken.ToString());
        Assert.Equal(["1 stdout", "2 stdout", "3 stdout", "4 stdout", $"{Count + 1} final"], late);
    }

    [Fact]
    public async Task A_reader_who_leaves_is_not_waited_for()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", async (exchange) =>
        {
            for (int seq = 1; seq <= 500; seq++) await exchange.SendAsync(Wire.Stdout(exchange.SessionId, seq, "a"));
            await exchange.SendAsync(Wire.Final(exchange.SessionId, 501));
        });
        await using EnclaveClient client = new(new EnclaveClientOptions { BaseUrl = broker.BaseUrl, MaxBufferedEvents = 1 });
        await using ClientSession session = await client.StartAsync("x");

        await foreach (SessionEvent _ in session.Events) break;

        Assert.True((await Within.Deadline(session.Completion, "result")).Success);
    }

    [Fact]
    public async Task Kept_bytes_are_bounded()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", (exchange) => exchange.SendAsync([Wire.Init(exchange.SessionId),
            .. Enumerable.Range(2, 9).Select((seq) => Wire.Stdout(exchange.SessionId, seq, new string('a', 1000))), Wire.Final(exchange.SessionId, 11)]));
        await using EnclaveClient client = new(new EnclaveClientOptions { BaseUrl = broker.BaseUrl, MaxKeptBytes = 5000 });

        SessionResult result = await client.ExecuteAsync("x");

        Assert.Equal([1, 2, 3, 4, 5, 11], result.Events.Select((taken) => taken.Seq));
        Assert.Equal(5, result.EventsNotKept);
    }

    [Fact]
    public async Task Events_have_one_reader_at_a_time()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", async (exchange) =>
        {
            await exchange.SendAsync(Wire.Init(exchange.SessionId));
            await exchange.HoldAsync();
        });
        await using EnclaveClient client = broker.Client();
        await using ClientSession session = await client.StartAsync("x");
        await using IAsyncEnumerator<SessionEvent> first = session.Events.GetAsyncEnumerator();
        await first.MoveNextAsync();

        await using IAsyncEnumerator<SessionEvent> second = session.Events.GetAsyncEnumerator();

        await Assert.ThrowsAsync<InvalidOperationException>(() => second.MoveNextAsync().AsTask());
    }

    [Fact]
    public async Task The_reader_s_token_ends_the_reading_and_not_the_session()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        var left = new TaskCompletionSource();
        broker.On("POST /sessions", async (exchange) =>
        {
            await exchange.SendAsync(Wire.Init(exchange.SessionId));
            await exchange.UntilAsync(left.Task);
            await exchange.SendAsync(Wire.Final(exchange.SessionId, 2));
        });
        await using EnclaveClient client = broker.Client();
        await using ClientSession session = await client.StartAsync("x");
        using var source = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (SessionEvent _ in session.Events.WithCancellation(source.Token)) await source.CancelAsync();
        });
        left.SetResult();

        Assert.True((await Within.Deadline(session.Completion, "result")).Success);
    }

    [Fact]
    public async Task Tool_calls_are_answered_and_failed()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", async (exchange) =>
        {
            await exchange.SendAsync(Wire.Init(exchange.SessionId));
            await exchange.HoldAsync();
        });
        broker.On("POST /sessions/*/tool-result", (exchange) => exchange.AnswerAsync(200, "{}"), (exchange) => exchange.AnswerAsync(202, ""), (exchange) =>
            exchange.AnswerAsync(409, "late"));
        await using EnclaveClient client = broker.Client();
        await using ClientSession session = await client.StartAsync("x");

        await session.AnswerToolCallAsync("c_1", JsonSerializer.SerializeToElement(new { sum = 3 }));
        await session.FailToolCallAsync("c_2", "no such row", "NOT_FOUND");
        EnclaveClientException late = await Assert.ThrowsAsync<EnclaveClientException>(() => session.FailToolCallAsync("c_3", "x"));

        Assert.Equal(["""{"callId":"c_1","result":{"sum":3}}""", """{"callId":"c_2","error":{"code":"NOT_FOUND","message":"no such row"}}""",
            """{"callId":"c_3","error":{"message":"x"}}"""], broker.Exchanges.Skip(1).Select((exchange) => exchange.Body));
        Assert.All(broker.Asked.Skip(1), (line) => Assert.Equal($"POST /sessions/{session.SessionId}/tool-result", line));
        Assert.Equal((ClientErrorCodes.SessionError, 409, "Failed to answer the tool call: 409 - late"), (late.Code, late.StatusCode, late.Message));
        await Assert.ThrowsAsync<ArgumentException>(() => session.AnswerToolCallAsync("c_4", default));
    }
}
