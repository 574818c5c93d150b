using Enclave.Protocol.Codec;
using Enclave.Protocol.Frames;

namespace Enclave.Protocol.Messages;

/// <summary>Host to worker: what a tool answered.</summary>
/// <param name="Payload">The value, or for a failure the array [name, message, code or nil].</param>
internal readonly record struct ToolResultMessage(ulong JobId, uint CallId, ToolResultKind Kind, ReadOnlyMemory<byte> Payload)
{
    public static void WriteValue(FrameBuffer frames, ulong jobId, uint callId, ReadOnlySpan<byte> value)
    {
        MessagePackWriter writer = Begin(frames, jobId, callId, ToolResultKind.Value);
        writer.WriteRaw(value);
        frames.EndFrame();
    }

    public static void WriteError(FrameBuffer frames, ulong jobId, uint callId, string name, string message, string? code)
    {
        MessagePackWriter writer = Begin(frames, jobId, callId, ToolResultKind.Error);
        writer.WriteArrayHeader(3);
        writer.WriteString(name);
        writer.WriteString(message);
        if (code is null) writer.WriteNil();
        else writer.WriteString(code);
        frames.EndFrame();
    }

    public static ToolResultMessage Read(ReadOnlyMemory<byte> body)
    {
        var reader = new MessagePackReader(body);
        reader.ReadArrayHeader(4);
        ulong jobId = reader.ReadUInt64();
        uint callId = reader.ReadUInt32();
        int kind = reader.ReadInt32();
        if (kind is not ((int)ToolResultKind.Value or (int)ToolResultKind.Error)) throw ProtocolException.At(reader.Consumed, $"tool result kind {kind}");
        ReadOnlyMemory<byte> payload = reader.ReadRawMemory(body);
        reader.ExpectEnd();
        return new ToolResultMessage(jobId, callId, (ToolResultKind)kind, payload);
    }

    private static MessagePackWriter Begin(FrameBuffer frames, ulong jobId, uint callId, ToolResultKind kind)
    {
        frames.BeginFrame(FrameType.ToolResult);
        var writer = new MessagePackWriter(frames);
        writer.WriteArrayHeader(4);
        writer.WriteUInt64(jobId);
        writer.WriteUInt64(callId);
        writer.WriteInt64((int)kind);
        return writer;
    }
}
