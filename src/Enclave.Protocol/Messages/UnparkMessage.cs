using Enclave.Protocol.Codec;
using Enclave.Protocol.Frames;

namespace Enclave.Protocol.Messages;

/// <summary>Host to worker, which has no job: a job that left another worker of the same nursery continues in this one.</summary>
/// <param name="JobId">The job.</param>
/// <param name="RemainingMicroseconds">Its wall time from now on.</param>
/// <param name="State">The state from <see cref="ParkedMessage"/>.</param>
internal readonly record struct UnparkMessage(ulong JobId, long RemainingMicroseconds, ReadOnlyMemory<byte> State)
{
    /// <summary>Writes one frame of this type.</summary>
    public void Write(FrameBuffer frames)
    {
        frames.BeginFrame(FrameType.Unpark);
        var writer = new MessagePackWriter(frames);
        writer.WriteArrayHeader(3);
        writer.WriteUInt64(JobId);
        writer.WriteInt64(RemainingMicroseconds);
        writer.WriteBinary(State.Span);
        frames.EndFrame();
    }

    internal static UnparkMessage Read(ReadOnlyMemory<byte> body)
    {
        var reader = new MessagePackReader(body);
        reader.ReadArrayHeader(3);
        ulong jobId = reader.ReadUInt64();
        long remaining = reader.ReadInt64();
        ReadOnlyMemory<byte> state = reader.ReadBinaryMemory(body, ProtocolLimits.ParkedBytes);
        reader.ExpectEnd();
        if (remaining is <= 0 or > ProtocolLimits.MaxRemainingMicroseconds) throw ProtocolException.At(0, $"a run with {remaining} microseconds left");
        return new UnparkMessage(jobId, remaining, state);
    }
}
