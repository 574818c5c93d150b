using Enclave.Protocol.Codec;
using Enclave.Protocol.Frames;

namespace Enclave.Protocol.Messages;

/// <summary>Host to worker, after the hello: a library that is evaluated before all jobs, as a global of this name.</summary>
internal static class LibraryMessage
{
    /// <summary>Writes one frame of this type.</summary>
    public static void Write(FrameBuffer frames, string name, string source)
    {
        frames.BeginFrame(FrameType.Library);
        var writer = new MessagePackWriter(frames);
        writer.WriteArrayHeader(2);
        writer.WriteString(name);
        writer.WriteString(source);
        frames.EndFrame();
    }

    internal static (string Name, string Source) Read(ReadOnlyMemory<byte> body)
    {
        var reader = new MessagePackReader(body);
        reader.ReadArrayHeader(2);
        string name = reader.ReadString(ProtocolLimits.LibraryNameBytes);
        string source = reader.ReadString(body.Length);
        reader.ExpectEnd();
        return (name, source);
    }
}
