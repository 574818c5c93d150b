using Enclave.Protocol.Codec;
using Enclave.Protocol.Frames;

namespace Enclave.Protocol.Messages;

/// <summary>
/// Host to worker: suspend this job if it only waits and has made no more calls than the message says. Otherwise the job continues, and there is no answer.
/// </summary>
/// <remarks>The worker reads it only while no code of the script can run. If the worker has made calls that the host does not know yet, the numbers
/// differ.</remarks>
internal readonly record struct SuspendMessage(ulong JobId, uint Calls)
{
    /// <summary>Writes one frame of this type.</summary>
    public void Write(FrameBuffer frames)
    {
        frames.BeginFrame(FrameType.Suspend);
        var writer = new MessagePackWriter(frames);
        writer.WriteArrayHeader(2);
        writer.WriteUInt64(JobId);
        writer.WriteUInt64(Calls);
        frames.EndFrame();
    }

    /// <summary>Reads the body of one frame.</summary>
    /// <exception cref="ProtocolException">The body is not one of this type.</exception>
    public static SuspendMessage Read(ReadOnlyMemory<byte> body)
    {
        var reader = new MessagePackReader(body);
        reader.ReadArrayHeader(2);
        var message = new SuspendMessage(reader.ReadUInt64(), reader.ReadUInt32());
        reader.ExpectEnd();
        return message;
    }
}
