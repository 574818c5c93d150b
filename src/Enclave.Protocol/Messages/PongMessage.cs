using Enclave.Protocol.Codec;
using Enclave.Protocol.Frames;

namespace Enclave.Protocol.Messages;

/// <summary>Worker to host: the answer to <see cref="PingMessage"/>, with its token.</summary>
public readonly record struct PongMessage(ulong Token)
{
    /// <summary>Writes one frame of this type.</summary>
    public void Write(FrameBuffer frames)
    {
        frames.BeginFrame(FrameType.Pong);
        var writer = new MessagePackWriter(frames);
        writer.WriteArrayHeader(1);
        writer.WriteUInt64(Token);
        frames.EndFrame();
    }

    /// <summary>Reads the body of one frame.</summary>
    /// <exception cref="ProtocolException">The body is not one of this type.</exception>
    public static PongMessage Read(ReadOnlyMemory<byte> body)
    {
        var reader = new MessagePackReader(body);
        reader.ReadArrayHeader(1);
        ulong token = reader.ReadUInt64();
        reader.ExpectEnd();
        return new PongMessage(token);
    }
}
