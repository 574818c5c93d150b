using System.Text;
using System.Text.Json;
using Enclave.Streaming.Tests.Ndjson;
using Enclave.Tests;

namespace Enclave.Streaming.Tests.Events;

public sealed class RoundTripTests
{
    [Theory]
    [InlineData(EventTolerance.Exact)]
    [InlineData(EventTolerance.Peers)]
    public void A_written_event_is_read_as_the_same_event(EventTolerance tolerance)
    {
        var events = new RandomEvents(seed: 20261121);
        for (int round = 0; round < TestSize.Of(2_000, 100_000); round++)
        {
            string written = events.Next().ToJsonString();
            Assert.True(EventReader.TryRead(JsonElement.Parse(written), tolerance, out SessionEvent? read, out string? problem), $"{problem}\n{written}");
            Assert.Equal(written, read.ToJsonString());
        }
    }

    [Fact]
    public void Many_events_go_through_lines_cut_at_random()
    {
        var events = new RandomEvents(seed: 7);
        string[] written = [.. Enumerable.Range(0, 500).Select((_) => events.Next().ToJsonString())];
        ReadOnlyMemory<byte> bytes = Encoding.UTF8.GetBytes(string.Join('\n', written) + '\n');
        var cuts = new Random(8);
        var parser = new NdjsonParser(EventTolerance.Exact);
        var read = new List<string>();
        while (!bytes.IsEmpty)
        {
            int length = Math.Min(bytes.Length, 1 + cuts.Next(400));
            read.AddRange(parser.All(bytes[..length]).Select((line) => line.Event!.ToJsonString()));
            bytes = bytes[length..];
        }

        Assert.Equal(written, read);
        Assert.False(parser.IsPending);
    }

    [Fact]
    public void A_kept_event_outlives_the_document_that_it_was_read_from()
    {
        SessionEvent? read;
        using (var document = JsonDocument.Parse(
            """{"protocolVersion":2,"sessionId":"s_1","seq":1,"type":"tool_call","payload":{"callId":"c_1","toolName":"t","args":{"a":[1]}}}"""))
        {
            Assert.True(EventReader.TryRead(document.RootElement, EventTolerance.Exact, out read, out _));
        }

        Assert.Equal("""{"a":[1]}""", Assert.IsType<ToolCall>(read.Payload).Args.GetRawText());
    }
}
