using Enclave.Protocol.Codec;
using Enclave.Protocol.Frames;

namespace Enclave.Protocol.Messages;

/// <summary>Host to worker: this job leaves the worker as soon as it waits. An ended job is ignored.</summary>
internal readonly record struct ParkMessage(ulong JobId)
{
    /// <summary>Writes one frame of this type.</summary>
    public void Write(FrameBuffer frames)
    {
        frames.BeginFrame(FrameType.Park);
        var writer = new MessagePackWriter(frames);
        writer.WriteArrayHeader(1);
        writer.WriteUInt64(JobId);
        frames.EndFrame();
    }

    internal static ParkMessage Read(ReadOnlyMemory<byte> body)
    {
        var reader = new MessagePackReader(body);
        reader.ReadArrayHeader(1);
        var message = new ParkMessage(reader.ReadUInt64());
        reader.ExpectEnd();
        return message;
    }
}
