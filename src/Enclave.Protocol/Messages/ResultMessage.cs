using Enclave.Protocol.Codec;
using Enclave.Protocol.Frames;

namespace Enclave.Protocol.Messages;

/// <summary>Worker to host, the last frame of a job.</summary>
/// <param name="Payload">The value, the error, or the stop reason, according to <paramref name="Status"/>.</param>
internal readonly record struct ResultMessage(ulong JobId, RunStatus Status, ReadOnlyMemory<byte> Payload, RunUsage Usage)
{
    /// <summary>The cost of reading a value in <see cref="Payload"/>.</summary>
    public ValueCost Cost { get; private init; }

    /// <summary>Writes one frame of this type.</summary>
    public static void Write(FrameBuffer frames, ulong jobId, RunStatus status, ReadOnlySpan<byte> payload, in RunUsage usage)
    {
        MessagePackWriter writer = Begin(frames, jobId, status);
        writer.WriteRaw(payload);
        End(frames, ref writer, usage);
    }

    /// <summary>Writes the frame of a run that a limit or a cancel ended.</summary>
    public static void WriteStopped(FrameBuffer frames, ulong jobId, StopReason reason, long where, in RunUsage usage)
    {
        MessagePackWriter writer = Begin(frames, jobId, RunStatus.Stopped);
        writer.WriteArrayHeader(2);
        writer.WriteInt64((int)reason);
        writer.WriteInt64(where);
        End(frames, ref writer, usage);
    }

    /// <summary>Reads the body of one frame.</summary>
    /// <exception cref="ProtocolException">The body is not one of this type.</exception>
    public static ResultMessage Read(ReadOnlyMemory<byte> body)
    {
        var reader = new MessagePackReader(body);
        reader.ReadArrayHeader(4);
        ulong jobId = reader.ReadUInt64();
        int status = reader.ReadInt32();
        if (status is < (int)RunStatus.Value or > (int)RunStatus.Stopped) throw ProtocolException.At(reader.Consumed, $"run status {status}");
        ReadOnlyMemory<byte> payload = reader.ReadRawMemory(body, out ValueCost cost);
        RunUsage usage = RunUsage.Read(ref reader);
        reader.ExpectEnd();
        return new ResultMessage(jobId, (RunStatus)status, payload, usage) { Cost = cost };
    }

    /// <summary>The reason of a stopped run. With <see cref="StopReason.Iterations"/> also the position of the loop in the source.</summary>
    public (StopReason Reason, long Where) ReadStop() => ReadStop(Payload);

    /// <summary>Reads the payload of a run that was stopped: why, and at which place of the program.</summary>
    /// <exception cref="ProtocolException">The payload is not one of a stopped run.</exception>
    public static (StopReason Reason, long Where) ReadStop(ReadOnlyMemory<byte> payload)
    {
        var reader = new MessagePackReader(payload);
        reader.ReadArrayHeader(2);
        int reason = reader.ReadInt32();
        long where = reader.ReadInt64();
        reader.ExpectEnd();
        if (reason is <= (int)StopReason.None or > (int)StopReason.Suspended) throw ProtocolException.At(0, $"stop reason {reason}");
        return ((StopReason)reason, where);
    }

    private static MessagePackWriter Begin(FrameBuffer frames, ulong jobId, RunStatus status)
    {
        frames.BeginFrame(FrameType.Result);
        var writer = new MessagePackWriter(frames);
        writer.WriteArrayHeader(4);
        writer.WriteUInt64(jobId);
        writer.WriteInt64((int)status);
        return writer;
    }

    private static void End(FrameBuffer frames, ref MessagePackWriter writer, in RunUsage usage)
    {
        usage.Write(ref writer);
        frames.EndFrame();
    }
}
