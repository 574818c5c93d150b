using Enclave.Protocol.Codec;
using Enclave.Protocol.Frames;

namespace Enclave.Protocol.Messages;

/// <summary>Worker to host, in answer to <see cref="ParkMessage"/>: the job has left the worker, which takes another one.</summary>
/// <param name="JobId">The job.</param>
/// <param name="TimerMicroseconds">When its first timer is due, from now on: 30 days at most; 0 without one.</param>
/// <param name="State">What a worker of the same nursery needs to continue the job; empty if the job stays.</param>
internal readonly record struct ParkedMessage(ulong JobId, long TimerMicroseconds, ReadOnlyMemory<byte> State)
{
    /// <summary>Writes one frame of this type.</summary>
    public void Write(FrameBuffer frames)
    {
        frames.BeginFrame(FrameType.Parked);
        var writer = new MessagePackWriter(frames);
        writer.WriteArrayHeader(3);
        writer.WriteUInt64(JobId);
        writer.WriteInt64(TimerMicroseconds);
        writer.WriteBinary(State.Span);
        frames.EndFrame();
    }

    /// <summary>Reads the body of one frame.</summary>
    /// <exception cref="ProtocolException">The body is not one of this type.</exception>
    public static ParkedMessage Read(ReadOnlyMemory<byte> body)
    {
        var reader = new MessagePackReader(body);
        reader.ReadArrayHeader(3);
        ulong jobId = reader.ReadUInt64();
        long timer = reader.ReadInt64();
        ReadOnlyMemory<byte> state = reader.ReadBinaryMemory(body, ProtocolLimits.ParkedBytes);
        reader.ExpectEnd();
        if (timer < 0) throw ProtocolException.At(0, $"a timer in {timer} microseconds");
        // Bounded, because the receiver adds it to a clock.
        return new ParkedMessage(jobId, Math.Min(timer, ProtocolLimits.MaxRemainingMicroseconds), state);
    }
}
