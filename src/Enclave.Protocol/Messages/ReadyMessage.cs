using System.Buffers;
using Enclave.Protocol.Codec;
using Enclave.Protocol.Frames;

namespace Enclave.Protocol.Messages;

/// <summary>Worker to host, in answer to hello: it is warm and accepts jobs. All members are the worker's claims.</summary>
/// <param name="Nonce">The bytes of <see cref="HelloMessage"/>.</param>
/// <param name="Engine">V8's version.</param>
/// <param name="Runtime">The kind of the worker, for people: <c>native</c> for ours.</param>
/// <param name="Capabilities">The <see cref="Claims"/> of this worker.</param>
internal sealed record ReadyMessage(ReadOnlyMemory<byte> Nonce, string Engine, string Runtime, IReadOnlyList<string> Capabilities)
{
    /// <summary>Writes one frame of this type.</summary>
    public void Write(FrameBuffer frames)
    {
        frames.BeginFrame(FrameType.Ready);
        var writer = new MessagePackWriter(frames);
        writer.WriteArrayHeader(4);
        writer.WriteBinary(Nonce.Span);
        writer.WriteString(Engine);
        writer.WriteString(Runtime);
        writer.WriteArrayHeader(Capabilities.Count);
        foreach (string capability in Capabilities) writer.WriteString(capability);
        frames.EndFrame();
    }

    /// <summary>Reads the body of one frame.</summary>
    /// <exception cref="ProtocolException">The body is not one of this type.</exception>
    public static ReadyMessage Read(ReadOnlyMemory<byte> body)
    {
        var reader = new MessagePackReader(body);
        reader.ReadArrayHeader(4);
        byte[] nonce = reader.ReadBinary(ProtocolLimits.NonceBytes).ToArray();
        string engine = reader.ReadString(MessageLimits.VersionBytes);
        string runtime = reader.ReadString(MessageLimits.VersionBytes);
        int count = reader.ReadArrayHeader();
        if (count > MessageLimits.Capabilities) throw ProtocolException.At(reader.Consumed, $"{count} capabilities");
        var capabilities = new string[count];
        for (int i = 0; i < count; i++) capabilities[i] = reader.ReadString(MessageLimits.VersionBytes);
        reader.ExpectEnd();
        return new ReadyMessage(nonce, engine, runtime, capabilities);
    }
}
