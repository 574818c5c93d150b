using System.Text.Json;

namespace Enclave.Streaming.Tests.Connection;

/// <summary>The recorded lives of connections.</summary>
public sealed class RecordedReconnectTests
{
    [Fact]
    public void A_connection_lives_as_recorded()
    {
        JsonElement entry = RecordedVectors.Of("reconnect", "backoff").Single();
        var happened = new List<JsonElement>();
        var options = new ReconnectOptions { MaxRetries = entry.GetProperty("config").GetProperty("maxRetries").GetInt32(), Jitter = 0 };
        var machine = new ConnectionMachine(options, new Random(1), (change) => happened.Add(Describe(change)));
        machine.Connect();
        machine.Connected();
        for (int loss = 0; loss < 9; loss++)
        {
            machine.Disconnected("x");
            machine.Retry();
        }

        Assert.Equal(entry.GetProperty("events").EnumerateArray().Select((one) => one.GetRawText()), happened.Select((one) => one.GetRawText()));
    }

    [Fact]
    public void The_defaults_are_as_recorded()
    {
        JsonElement recorded = RecordedVectors.Of("reconnect", "defaults").Single().GetProperty("reconnection");
        var options = new ReconnectOptions();
        Assert.Equal(recorded.GetProperty("maxRetries").GetInt32(), options.MaxRetries);
        Assert.Equal(recorded.GetProperty("initialDelayMs").GetDouble(), options.ReconnectDelay.TotalMilliseconds);
        Assert.Equal(recorded.GetProperty("maxDelayMs").GetDouble(), options.MaxDelay.TotalMilliseconds);
        Assert.Equal(recorded.GetProperty("backoffMultiplier").GetDouble(), options.Multiplier);
        Assert.Equal(recorded.GetProperty("jitterFactor").GetDouble(), options.Jitter);
    }

    [Fact]
    public void Numbers_are_followed_as_recorded()
    {
        JsonElement entry = RecordedVectors.Of("reconnect", "sequence").Single();
        var tracker = new SequenceTracker(entry.GetProperty("maxGaps").GetInt32());
        foreach (JsonElement step in entry.GetProperty("steps").EnumerateArray())
        {
            JsonElement answer = step.GetProperty("answer");
            SequenceGap? gap = tracker.Receive(step.GetProperty("receive").GetInt64());
            Assert.Equal(answer.GetProperty("gap").GetBoolean() ? new SequenceGap(answer.GetProperty("missingStart").GetInt64(), answer.GetProperty("missingEnd").GetInt64()) : null, gap);
            Assert.Equal(step.GetProperty("last").GetInt64(), tracker.Last);
        }

        Assert.Equal(Gaps(entry), tracker.Gaps);
        JsonElement cleared = RecordedVectors.Of("reconnect", "sequence_cleared").Single();
        Assert.True(tracker.Clear(tracker.Gaps[0]));
        Assert.Equal(Gaps(cleared), tracker.Gaps);
        Assert.Equal(cleared.GetProperty("hasGaps").GetBoolean(), tracker.Gaps.Count > 0);
    }

    [Fact]
    public void A_buffer_fills_as_recorded()
    {
        JsonElement entry = RecordedVectors.Of("reconnect", "buffer").Single();
        var buffer = new EventBuffer(entry.GetProperty("maxSize").GetInt32());
        bool[] adds = [.. Enumerable.Range(1, 3).Select((seq) => buffer.TryAdd(new SessionEvent("s_1", seq, new Stdout("x"))))];
        Assert.Equal(entry.GetProperty("adds").EnumerateArray().Select((one) => one.GetBoolean()), adds);
        Assert.Equal(entry.GetProperty("full").GetBoolean(), buffer.IsFull);
        Assert.Equal(entry.GetProperty("drained").EnumerateArray().Select((one) => one.GetProperty("seq").GetInt64()), buffer.Drain().Select((one) => one.Seq));
        Assert.Equal(entry.GetProperty("sizeAfter").GetInt32(), buffer.Count);
    }

    private static IEnumerable<SequenceGap> Gaps(JsonElement entry) =>
        entry.GetProperty("gaps").EnumerateArray().Select((gap) => new SequenceGap(gap.GetProperty("start").GetInt64(), gap.GetProperty("end").GetInt64()));

    private static JsonElement Describe(ConnectionChange change) => change.Kind switch
    {
        ConnectionChangeKind.StateChanged => JsonSerializer.SerializeToElement(new { type = "state_change", state = Name(change.State), previousState = Name(change.Previous) }),
        ConnectionChangeKind.Connected => JsonSerializer.SerializeToElement(new { type = "connected" }),
        ConnectionChangeKind.Disconnected => JsonSerializer.SerializeToElement(new { type = "disconnected", reason = change.Reason }),
        ConnectionChangeKind.RetryScheduled => JsonSerializer.SerializeToElement(new { type = "retry_scheduled", attempt = change.Attempt, delayMs = change.Delay!.Value.TotalMilliseconds }),
        ConnectionChangeKind.RetryStarted => JsonSerializer.SerializeToElement(new { type = "retry_started", attempt = change.Attempt }),
        _ => JsonSerializer.SerializeToElement(new { type = "failed", reason = change.Reason }),
    };

    private static string Name(ConnectionState state) => state.ToString().ToLowerInvariant();
}
