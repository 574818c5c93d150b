using Enclave.Protocol.Codec;
using Enclave.Protocol.Frames;

namespace Enclave.Protocol.Messages;

/// <summary>Worker to host: the script called a tool and waits for <see cref="ToolResultMessage"/>.</summary>
/// <param name="CallId">1 for the first call of a job, then counting up without a gap.</param>
/// <param name="Args">One MessagePack value, a map.</param>
internal readonly record struct ToolCallMessage(ulong JobId, uint CallId, string Name, ReadOnlyMemory<byte> Args)
{
    /// <summary>The cost of reading <see cref="Args"/>.</summary>
    public ValueCost Cost { get; private init; }

    /// <summary>Writes one frame of this type.</summary>
    public static void Write(FrameBuffer frames, ulong jobId, uint callId, ReadOnlySpan<byte> name, ReadOnlySpan<byte> args)
    {
        frames.BeginFrame(FrameType.ToolCall);
        var writer = new MessagePackWriter(frames);
        writer.WriteArrayHeader(4);
        writer.WriteUInt64(jobId);
        writer.WriteUInt64(callId);
        writer.WriteStringUtf8(name);
        writer.WriteRaw(args);
        frames.EndFrame();
    }

    /// <summary>Reads the body of one frame.</summary>
    /// <exception cref="ProtocolException">The body is not one of this type.</exception>
    public static ToolCallMessage Read(ReadOnlyMemory<byte> body)
    {
        var reader = new MessagePackReader(body);
        reader.ReadArrayHeader(4);
        ulong jobId = reader.ReadUInt64();
        uint callId = reader.ReadUInt32();
        string name = reader.ReadString(MessageLimits.ToolNameBytes);
        ReadOnlyMemory<byte> args = reader.ReadRawMemory(body, out ValueCost cost);
        reader.ExpectEnd();
        return new ToolCallMessage(jobId, callId, name, args) { Cost = cost };
    }
}
