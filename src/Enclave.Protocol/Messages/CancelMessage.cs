using Enclave.Protocol.Codec;
using Enclave.Protocol.Frames;

namespace Enclave.Protocol.Messages;

/// <summary>Host to worker: end this job. Has an effect while its script runs. Unknown and ended jobs are ignored, because the job may end meanwhile.</summary>
internal readonly record struct CancelMessage(ulong JobId)
{
    /// <summary>Writes one frame of this type.</summary>
    public void Write(FrameBuffer frames)
    {
        frames.BeginFrame(FrameType.Cancel);
        var writer = new MessagePackWriter(frames);
        writer.WriteArrayHeader(1);
        writer.WriteUInt64(JobId);
        frames.EndFrame();
    }

    /// <summary>Reads the body of one frame.</summary>
    /// <exception cref="ProtocolException">The body is not one of this type.</exception>
    public static CancelMessage Read(ReadOnlyMemory<byte> body)
    {
        var reader = new MessagePackReader(body);
        reader.ReadArrayHeader(1);
        ulong jobId = reader.ReadUInt64();
        reader.ExpectEnd();
        return new CancelMessage(jobId);
    }
}
