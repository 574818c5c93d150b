using System.Buffers;
using System.Text;
using System.Text.Json;
using Enclave.Streaming.Channels;
using Enclave.Streaming.Json;

namespace Enclave.Streaming;

/// <summary>A message between a broker and a runtime that is not an event: one JSON object, one WebSocket text message.</summary>
public abstract record ChannelMessage
{
    private protected ChannelMessage()
    {
    }

    /// <summary>Its type on the wire.</summary>
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

    /// <summary>Writes its members after <c>type</c>. The caller writes the object around them.</summary>
    internal abstract void WriteMembers(Utf8JsonWriter writer);
}
