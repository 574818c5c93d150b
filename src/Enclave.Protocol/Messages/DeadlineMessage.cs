using Enclave.Protocol.Codec;
using Enclave.Protocol.Frames;

namespace Enclave.Protocol.Messages;

/// <summary>
/// Host to worker: this job's wall time ends in this many microseconds. Has an effect while its script runs. Unknown and ended jobs are ignored.
/// </summary>
internal readonly record struct DeadlineMessage(ulong JobId, long RemainingMicroseconds)
{
    /// <summary>Writes one frame of this type.</summary>
    public void Write(FrameBuffer frames)
    {
        frames.BeginFrame(FrameType.Deadline);
        var writer = new MessagePackWriter(frames);
        writer.WriteArrayHeader(2);
        writer.WriteUInt64(JobId);
        writer.WriteInt64(RemainingMicroseconds);
        frames.EndFrame();
    }

    internal static DeadlineMessage Read(ReadOnlyMemory<byte> body)
    {
        var reader = new MessagePackReader(body);
        reader.ReadArrayHeader(2);
        ulong jobId = reader.ReadUInt64();
        long remaining = reader.ReadInt64();
        reader.ExpectEnd();
        // Bounded, because the receiver adds it to a clock: an overflow would make a deadline in the past.
        if (remaining is <= 0 or > ProtocolLimits.MaxRemainingMicroseconds) throw ProtocolException.At(0, $"a deadline in {remaining} microseconds");
        return new DeadlineMessage(jobId, remaining);
    }
}
