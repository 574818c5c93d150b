using Enclave.Protocol.Codec;
using Enclave.Protocol.Frames;

namespace Enclave.Protocol.Messages;

/// <summary>Worker to host, instead of ready: a library could not be evaluated, and the worker ends.</summary>
/// <param name="Index">The index of the library, from 0.</param>
/// <param name="Error">The error that it threw; null if it exceeded a limit.</param>
/// <param name="Stop">The limit that it exceeded; none if it threw.</param>
internal sealed record LibraryFaultMessage(int Index, ScriptError? Error, StopReason Stop)
{
    /// <summary>Writes the message like a real worker, for the workers of tests.</summary>
    public static void WriteStopped(FrameBuffer frames, int index, StopReason stop)
    {
        MessagePackWriter writer = Begin(frames, index, RunStatus.Stopped);
        writer.WriteArrayHeader(2);
        writer.WriteInt64((int)stop);
        writer.WriteInt64(0);
        frames.EndFrame();
    }

    /// <summary>Writes the message with the payload of an error.</summary>
    internal static void WriteError(FrameBuffer frames, int index, ReadOnlySpan<byte> error)
    {
        MessagePackWriter writer = Begin(frames, index, RunStatus.Error);
        writer.WriteRaw(error);
        frames.EndFrame();
    }

    /// <summary>Reads the body of one frame.</summary>
    /// <exception cref="ProtocolException">The body is not one of this type.</exception>
    public static LibraryFaultMessage Read(ReadOnlyMemory<byte> body)
    {
        var reader = new MessagePackReader(body);
        reader.ReadArrayHeader(3);
        int index = reader.ReadInt32();
        if (index is < 0 or >= ProtocolLimits.MaxLibraries) throw ProtocolException.At(reader.Consumed, $"library {index}");
        int status = reader.ReadInt32();
        ReadOnlyMemory<byte> payload = reader.ReadRawMemory(body, out _);
        reader.ExpectEnd();
        return status switch
        {
            (int)RunStatus.Error => new LibraryFaultMessage(index, ScriptError.Read(payload), StopReason.None),
            (int)RunStatus.Stopped => new LibraryFaultMessage(index, null, ResultMessage.ReadStop(payload).Reason),
            _ => throw ProtocolException.At(0, $"status {status} of a library"),
        };
    }

    private static MessagePackWriter Begin(FrameBuffer frames, int index, RunStatus status)
    {
        frames.BeginFrame(FrameType.LibraryFault);
        var writer = new MessagePackWriter(frames);
        writer.WriteArrayHeader(3);
        writer.WriteInt64(index);
        writer.WriteInt64((int)status);
        return writer;
    }
}
