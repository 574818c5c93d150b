using Enclave.Protocol.Codec;
using Enclave.Protocol.Frames;

namespace Enclave.Protocol.Messages;

/// <summary>Nursery to host: a cell has ended, and was reaped.</summary>
/// <param name="Process">Its id in the nursery's pid namespace.</param>
/// <param name="Code">Its exit code, or 128 plus the signal.</param>
/// <param name="PeakKilobytes">Its peak resident memory.</param>
internal readonly record struct EndedMessage(int Process, int Code, long PeakKilobytes)
{
    internal void Write(FrameBuffer frames)
    {
        frames.BeginFrame(FrameType.Ended);
        var writer = new MessagePackWriter(frames);
        writer.WriteArrayHeader(3);
        writer.WriteInt64(Process);
        writer.WriteInt64(Code);
        writer.WriteInt64(PeakKilobytes);
        frames.EndFrame();
    }

    /// <summary>Reads the body of one frame.</summary>
    /// <exception cref="ProtocolException">The body is not one of this type.</exception>
    public static EndedMessage Read(ReadOnlyMemory<byte> body)
    {
        var reader = new MessagePackReader(body);
        reader.ReadArrayHeader(3);
        int process = reader.ReadInt32();
        int code = reader.ReadInt32();
        long peak = reader.ReadInt64();
        reader.ExpectEnd();
        if (process <= 0 || code is < 0 or > 255 || peak is < 0 or > ProtocolLimits.MaxMemoryBytes)
            throw ProtocolException.At(0, $"process {process} ended with {code} and {peak} KB");
        return new EndedMessage(process, code, peak);
    }
}
