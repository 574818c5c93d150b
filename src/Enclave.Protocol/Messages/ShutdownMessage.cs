using Enclave.Protocol.Codec;
using Enclave.Protocol.Frames;

namespace Enclave.Protocol.Messages;

/// <summary>Host to worker: there are no more jobs; exit with code 0.</summary>
internal readonly record struct ShutdownMessage
{
    /// <summary>Writes one frame of this type.</summary>
    public static void Write(FrameBuffer frames)
    {
        frames.BeginFrame(FrameType.Shutdown);
        new MessagePackWriter(frames).WriteArrayHeader(0);
        frames.EndFrame();
    }

    internal static ShutdownMessage Read(ReadOnlyMemory<byte> body)
    {
        var reader = new MessagePackReader(body);
        reader.ReadArrayHeader(0);
        reader.ExpectEnd();
        return default;
    }
}
