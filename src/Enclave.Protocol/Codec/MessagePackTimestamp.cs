using System.Buffers;
using System.Buffers.Binary;

namespace Enclave.Protocol.Codec;

/// <summary>The timestamp extension of the MessagePack specification, in milliseconds, as in a JavaScript <c>Date</c>.</summary>
internal static class MessagePackTimestamp
{
    private const uint NanosecondsPerMillisecond = 1_000_000;
    private const uint NanosecondsPerSecond = 1_000_000_000;
    private const int SecondsBits64 = 34;

    /// <summary>Writes the shortest of the three forms.</summary>
    public static void Write(MessagePackWriter writer, long milliseconds)
    {
        long seconds = Math.DivRem(milliseconds, 1000, out long rest);
        if (rest < 0)
        {
            seconds--;
            rest += 1000;
        }

        uint nanoseconds = (uint)rest * NanosecondsPerMillisecond;
        Span<byte> data = stackalloc byte[12];
        if (seconds >> SecondsBits64 != 0)
        {
            BinaryPrimitives.WriteUInt32BigEndian(data, nanoseconds);
            BinaryPrimitives.WriteInt64BigEndian(data[4..], seconds);
            writer.WriteExtension(ValueExtension.Timestamp, data);
        }
        else if (nanoseconds != 0 || seconds > uint.MaxValue)
        {
            BinaryPrimitives.WriteUInt64BigEndian(data, (ulong)nanoseconds << SecondsBits64 | (ulong)seconds);
            writer.WriteExtension(ValueExtension.Timestamp, data[..8]);
        }
        else
        {
            BinaryPrimitives.WriteUInt32BigEndian(data, (uint)seconds);
            writer.WriteExtension(ValueExtension.Timestamp, data[..4]);
        }
    }

    /// <summary>Number of data bytes that <see cref="Write"/> writes.</summary>
    public static int Length(long milliseconds)
    {
        long seconds = Math.DivRem(milliseconds, 1000, out long rest);
        if (rest < 0) seconds--;
        return seconds >> SecondsBits64 != 0 ? 12 : rest != 0 || seconds > uint.MaxValue ? 8 : 4;
    }

    /// <summary>Milliseconds since 1970-01-01 from the data of a timestamp extension, rounded down.</summary>
    public static long Decode(long offset, in ReadOnlySequence<byte> body)
    {
        if (body.Length is not (4 or 8 or 12)) throw ProtocolException.At(offset, $"timestamp of {body.Length} bytes, expected 4, 8 or 12");
        Span<byte> data = stackalloc byte[(int)body.Length];
        body.CopyTo(data);
        long seconds;
        uint nanoseconds = 0;
        switch (data.Length)
        {
            case 4:
                seconds = BinaryPrimitives.ReadUInt32BigEndian(data);
                break;
            case 8:
                ulong packed = BinaryPrimitives.ReadUInt64BigEndian(data);
                seconds = (long)(packed & (1UL << SecondsBits64) - 1);
                nanoseconds = (uint)(packed >> SecondsBits64);
                break;
            default:
                nanoseconds = BinaryPrimitives.ReadUInt32BigEndian(data);
                seconds = BinaryPrimitives.ReadInt64BigEndian(data[4..]);
                break;
        }

        if (nanoseconds >= NanosecondsPerSecond) throw ProtocolException.At(offset, $"timestamp with {nanoseconds} nanoseconds");
        const long MaxSeconds = ProtocolLimits.MaxDateMilliseconds / 1000;
        // Both limits are single instants, so the whole second below the lower limit is outside.
        bool inside = seconds is >= -MaxSeconds and < MaxSeconds || seconds == MaxSeconds && nanoseconds < NanosecondsPerMillisecond;
        if (!inside) throw ProtocolException.At(offset, $"timestamp of {seconds} s is outside the range of a Date");
        return seconds * 1000 + nanoseconds / NanosecondsPerMillisecond;
    }
}
