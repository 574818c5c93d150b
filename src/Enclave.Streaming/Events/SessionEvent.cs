using System.Buffers;
using System.Text;
using System.Text.Json;
using Enclave.Streaming.Events;
using Enclave.Streaming.Json;

namespace Enclave.Streaming;

/// <summary>One event of a session with its number.</summary>
/// <param name="SessionId">The session, with <see cref="StreamProtocol.SessionPrefix"/>.</param>
/// <param name="Seq">Its number in the session. A reader with a filter sees gaps.</param>
/// <param name="Payload">Its content.</param>
public sealed record SessionEvent(string SessionId, long Seq, EventPayload Payload)
{
    /// <summary>Its protocol version. Range: 1 and 2.</summary>
    public int ProtocolVersion { get; init; } = StreamProtocol.Version;

    /// <summary>The event's type on the wire, for example <c>tool_call</c>.</summary>
    public string Type => Payload.Type;

    /// <summary>The event as one JSON object without a line end.</summary>
    public string ToJsonString()
    {
        var output = new ArrayBufferWriter<byte>();
        WriteTo(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>Writes the event as one JSON object in UTF-8, without a line end.</summary>
    /// <param name="output">Receives the bytes.</param>
    public void WriteTo(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        using var writer = new Utf8JsonWriter(output, JsonWriting.Options);
        EventWriter.Write(writer, this);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Seq} {Type}";
}
