using Enclave.Protocol.Codec;
using Enclave.Protocol.Frames;

namespace Enclave.Protocol.Messages;

/// <summary>Host to worker: the result of a tool call.</summary>
/// <param name="Payload">The value; for a failure the array [name, message, code or nil].</param>
internal readonly record struct ToolResultMessage(ulong JobId, uint CallId, ToolResultKind Kind, ReadOnlyMemory<byte> Payload)
{
    private const int Fields = 4;

    /// <summary>True if the result moves the time of a repeatable run.</summary>
    public bool HasTime { get; private init; }

    /// <summary>The new time in milliseconds since 1970. An optional last field.</summary>
    public long Milliseconds { get; private init; }

    /// <summary>Writes the frame of a tool that gave a value.</summary>
    public static void WriteValue(FrameBuffer frames, ulong jobId, uint callId, ReadOnlySpan<byte> value, long? milliseconds = null)
    {
        MessagePackWriter writer = Begin(frames, jobId, callId, ToolResultKind.Value, milliseconds is null ? Fields : Fields + 1);
        writer.WriteRaw(value);
        if (milliseconds is { } time) writer.WriteInt64(time);
        frames.EndFrame();
    }

    /// <summary>Writes the frame of a tool that failed.</summary>
    public static void WriteError(FrameBuffer frames, ulong jobId, uint callId, string name, string message, string? code, long? milliseconds = null)
    {
        MessagePackWriter writer = Begin(frames, jobId, callId, ToolResultKind.Error, milliseconds is null ? Fields : Fields + 1);
        writer.WriteArrayHeader(3);
        writer.WriteString(name);
        writer.WriteString(message);
        if (code is null) writer.WriteNil();
        else writer.WriteString(code);
        if (milliseconds is { } time) writer.WriteInt64(time);
        frames.EndFrame();
    }

    /// <summary>Reads the body of one frame.</summary>
    /// <exception cref="ProtocolException">The body is not one of this type.</exception>
    public static ToolResultMessage Read(ReadOnlyMemory<byte> body)
    {
        var reader = new MessagePackReader(body);
        int fields = reader.ReadArrayHeader();
        if (fields is not (Fields or Fields + 1)) throw ProtocolException.At(0, $"a tool result of {fields} fields");
        ulong jobId = reader.ReadUInt64();
        uint callId = reader.ReadUInt32();
        int kind = reader.ReadInt32();
        if (kind is not ((int)ToolResultKind.Value or (int)ToolResultKind.Error)) throw ProtocolException.At(reader.Consumed, $"tool result kind {kind}");
        ReadOnlyMemory<byte> payload = reader.ReadRawMemory(body);
        long time = fields > Fields ? RunOrigin.ReadTime(ref reader) : 0;
        reader.ExpectEnd();
        return new ToolResultMessage(jobId, callId, (ToolResultKind)kind, payload) { HasTime = fields > Fields, Milliseconds = time };
    }

    private static MessagePackWriter Begin(FrameBuffer frames, ulong jobId, uint callId, ToolResultKind kind, int fields)
    {
        frames.BeginFrame(FrameType.ToolResult);
        var writer = new MessagePackWriter(frames);
        writer.WriteArrayHeader(fields);
        writer.WriteUInt64(jobId);
        writer.WriteUInt64(callId);
        writer.WriteInt64((int)kind);
        return writer;
    }
}
