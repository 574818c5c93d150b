using System.Buffers;
using System.Text;
using System.Text.Json;
using Enclave.Streaming.Channels;
using Enclave.Streaming.Json;

namespace Enclave.Streaming;

/// <summary>What a broker and a runtime tell each other beside events: one JSON object, one WebSocket text message.</summary>
public abstract record ChannelMessage
{
    private protected ChannelMessage()
    {
    }

    /// <summary>Its kind on the wire.</summary>
    public abstract string Type { get; }

    /// <summary>The message as one JSON object without a line end.</summary>
    public string ToJsonString()
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, JsonWriting.Options)) ChannelWriter.Write(writer, this);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <inheritdoc/>
    public override string ToString() => Type;

    /// <summary>Its members after <c>type</c>. The object around them is the caller's.</summary>
    internal abstract void WriteMembers(Utf8JsonWriter writer);
}
