using System.Buffers.Binary;

namespace Enclave.Protocol.Frames;

/// <summary>The eight bytes before every body: magic (2), version, type, length of the body (4, big endian).</summary>
internal readonly record struct FrameHeader(FrameType Type, int Length)
{
    public const int Size = ProtocolLimits.FrameHeaderBytes;

    public void Write(Span<byte> destination)
    {
        destination[0] = ProtocolLimits.Magic0;
        destination[1] = ProtocolLimits.Magic1;
        destination[2] = ProtocolLimits.Version;
        destination[3] = (byte)Type;
        BinaryPrimitives.WriteInt32BigEndian(destination[4..], Length);
    }

    /// <summary>Reads a header, and refuses it if its length is above <paramref name="maxLength"/>, before anything is allocated for it.</summary>
    public static FrameHeader Read(ReadOnlySpan<byte> source, long offset, int maxLength)
    {
        if (source[0] != ProtocolLimits.Magic0 || source[1] != ProtocolLimits.Magic1)
        {
            throw ProtocolException.At(offset, $"a frame cannot begin with {source[0]:x2}{source[1]:x2}");
        }

        if (source[2] != ProtocolLimits.Version) throw ProtocolException.At(offset + 2, $"protocol version {source[2]}, not {ProtocolLimits.Version}");
        var type = (FrameType)source[3];
        if (type is < FrameType.Hello or > FrameType.Unpark) throw ProtocolException.At(offset + 3, $"frame type {source[3]} is unknown");
        uint length = BinaryPrimitives.ReadUInt32BigEndian(source[4..]);
        if (length > (uint)maxLength) throw ProtocolException.At(offset + 4, $"a frame of {length} bytes; the limit is {maxLength}");
        return new FrameHeader(type, (int)length);
    }
}
