using System.Text.Json;
using Enclave.Runtime.Tests.Captures;
using Enclave.Streaming;
using Enclave.Tests;

namespace Enclave.Runtime.Tests.Channels;

/// <summary>The channel in memory, step by step as recorded.</summary>
public sealed class MemoryChannelTests
{
    private static readonly JsonElement s_event = Json("""{"protocolVersion":2,"sessionId":"s_1","seq":1,"type":"stdout","payload":{"chunk":"x"}}""");

    [Fact]
    public void It_goes_step_by_step_as_it_was_recorded()
    {
        Dictionary<string, JsonElement> recorded = CaptureFiles.Read("memory-channel").ToDictionary((line) => line.Text("what"));
        var seen = new HashSet<string>();
        void Same(string what, object value)
        {
            Assert.True(seen.Add(what));
            Assert.Equal(recorded[what].GetProperty("value").GetRawText(), JsonSerializer.Serialize(value));
        }

        void Throws(string what, Action act)
        {
            Assert.True(seen.Add(what));
            Assert.Equal(recorded[what].Text("threw"), Assert.Throws<RuntimeChannelException>(act).Message);
        }

        var channel = new MemoryChannel();
        var got = new List<JsonElement>();
        Same("isOpen", channel.IsOpen);
        IDisposable reading = channel.OnMessage(got.Add);
        channel.Send(s_event);
        Same("send queues", channel.GetEvents());
        Same("own handlers are not called by send", got);
        channel.InjectMessage(Json("""{"type":"cancel"}"""));
        Same("injectMessage calls handlers", got);
        reading.Dispose();
        channel.InjectMessage(Json("""{"type":"cancel"}"""));
        Same("after unsubscribe", got.Count);
        channel.ClearEvents();
        Same("clearEvents", channel.GetEvents());
        channel.Close();
        Same("closed: isOpen", channel.IsOpen);
        Throws("closed: send", () => channel.Send(s_event));
        Throws("closed: injectMessage", () => channel.InjectMessage(s_event));

        (MemoryChannel client, MemoryChannel server) = MemoryChannel.CreatePair();
        var si = new List<JsonElement>();
        var ci = new List<JsonElement>();
        server.OnMessage(si.Add);
        client.OnMessage(ci.Add);
        client.Send(Json("""{"type":"execute"}"""));
        Same("pair: client.send reaches server handlers and stays in client events", new
        {
            si,
            clientEvents = client.GetEvents(),
            serverEvents = server.GetEvents(),
        });
        server.Send(s_event);
        Same("pair: server.send reaches client handlers", ci);
        server.Close();
        Throws("pair: send to a closed peer", () => client.Send(Json("""{"type":"execute"}""")));
        Same("pair: and it was still queued", client.GetEvents().Count);

        Assert.Equal(recorded.Keys.Order(), seen.Order());
    }

    [Fact]
    public async Task Both_ends_know_when_one_is_closed()
    {
        MemoryChannelPair pair = MemoryChannel.CreatePair();

        pair.Client.Close();
        pair.Client.Close();

        await Within.Deadline(Task.WhenAll(pair.Client.Completion, pair.Server.Completion), "end of both");
        Assert.Equal((false, true), (pair.Client.IsOpen, pair.Server.IsOpen));
    }

    [Fact]
    public void The_same_handler_added_twice_is_called_twice_and_removed_once()
    {
        var channel = new MemoryChannel();
        int calls = 0;
        void Count(JsonElement message) => calls++;
        IDisposable first = channel.OnMessage(Count);
        channel.OnMessage(Count);

        channel.InjectMessage(s_event);
        first.Dispose();
        first.Dispose();
        channel.InjectMessage(s_event);

        Assert.Equal(3, calls);
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
