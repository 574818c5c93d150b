using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Streaming.Tests.Connection;

/// <summary>Waits and event numbers as recorded.</summary>
public sealed class RecordedReconnectTests
{
    [Fact]
    public void Waits_are_as_recorded()
    {
        JsonElement entry = RecordedVectors.Of("reconnect", "backoff").Single();
        var backoff = new Backoff(new ReconnectOptions { Jitter = 0 }, new Random(1));
        JsonElement[] retries = [.. entry.GetProperty("events").EnumerateArray().Where((one) => one.GetProperty("type").GetString() == "retry_scheduled")];
        Assert.NotEmpty(retries);
        Assert.All(retries, (retry) => Assert.Equal(
            retry.GetProperty("delayMs").GetDouble(), backoff.Delay(retry.GetProperty("attempt").GetInt32()).TotalMilliseconds));
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
            Assert.Equal(answer.GetProperty("gap").GetBoolean()
                ? new SequenceGap(answer.GetProperty("missingStart").GetInt64(), answer.GetProperty("missingEnd").GetInt64())
                : null, gap);
            Assert.Equal(step.GetProperty("last").GetInt64(), tracker.Last);
        }

        Assert.Equal(Gaps(entry), tracker.Gaps);
        JsonElement cleared = RecordedVectors.Of("reconnect", "sequence_cleared").Single();
        Assert.True(tracker.Clear(tracker.Gaps[0]));
        Assert.Equal(Gaps(cleared), tracker.Gaps);
        Assert.Equal(cleared.GetProperty("hasGaps").GetBoolean(), tracker.Gaps.Count > 0);
    }

    private static IEnumerable<SequenceGap> Gaps(JsonElement entry) =>
        entry.GetProperty("gaps").EnumerateArray().Select((gap) => new SequenceGap(gap.GetProperty("start").GetInt64(), gap.GetProperty("end").GetInt64()));
}
