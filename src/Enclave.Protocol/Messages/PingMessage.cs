using Enclave.Protocol.Codec;
using Enclave.Protocol.Frames;

namespace Enclave.Protocol.Messages;

/// <summary>Host to worker, between jobs: checks that the worker responds. It answers with <see cref="PongMessage"/>.</summary>
public readonly record struct PingMessage(ulong Token)
{
    /// <summary>Writes one frame of this type.</summary>
    public void Write(FrameBuffer frames)
    {
        frames.BeginFrame(FrameType.Ping);
        var writer = new MessagePackWriter(frames);
        writer.WriteArrayHeader(1);
        writer.WriteUInt64(Token);
        frames.EndFrame();
    }

    /// <summary>Reads the body of one frame.</summary>
    /// <exception cref="ProtocolException">The body is not one of this type.</exception>
    public static PingMessage Read(ReadOnlyMemory<byte> body)
    {
        var reader = new MessagePackReader(body);
        reader.ReadArrayHeader(1);
        ulong token = reader.ReadUInt64();
        reader.ExpectEnd();
        return new PingMessage(token);
    }
}
