using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Enclave.Protocol.Codec;

/// <summary>Writes MessagePack, always in the shortest format. Every call is complete when it returns; there is no flush.</summary>
/// <remarks>A container is a header followed by its values. The writer does not count them.</remarks>
public readonly struct MessagePackWriter(IBufferWriter<byte> output)
{
    private const int LongestHeader = 9;
    private const int LongestFixStr = MessagePackFormat.FixStrMax - MessagePackFormat.FixStr;

    /// <summary>Writes nil.</summary>
    public void WriteNil() => WriteByte(MessagePackFormat.Nil);

    internal void WriteBoolean(bool value) => WriteByte(value ? MessagePackFormat.True : MessagePackFormat.False);

    /// <summary>Writes an integer in its shortest form.</summary>
    public void WriteInt64(long value)
    {
        if (value >= 0)
        {
            WriteUInt64((ulong)value);
            return;
        }

        Span<byte> span = output.GetSpan(LongestHeader);
        switch (value)
        {
            case >= -32:
                span[0] = (byte)value;
                output.Advance(1);
                break;
            case >= sbyte.MinValue:
                output.Advance(Put8(span, MessagePackFormat.Int8, (byte)value));
                break;
            case >= short.MinValue:
                output.Advance(Put16(span, MessagePackFormat.Int16, (ushort)value));
                break;
            case >= int.MinValue:
                output.Advance(Put32(span, MessagePackFormat.Int32, (uint)value));
                break;
            default:
                output.Advance(Put64(span, MessagePackFormat.Int64, (ulong)value));
                break;
        }
    }

    internal void WriteUInt64(ulong value)
    {
        Span<byte> span = output.GetSpan(LongestHeader);
        switch (value)
        {
            case <= MessagePackFormat.PositiveFixIntMax:
                span[0] = (byte)value;
                output.Advance(1);
                break;
            case <= byte.MaxValue:
                output.Advance(Put8(span, MessagePackFormat.UInt8, (byte)value));
                break;
            case <= ushort.MaxValue:
                output.Advance(Put16(span, MessagePackFormat.UInt16, (ushort)value));
                break;
            case <= uint.MaxValue:
                output.Advance(Put32(span, MessagePackFormat.UInt32, (uint)value));
                break;
            default:
                output.Advance(Put64(span, MessagePackFormat.UInt64, value));
                break;
        }
    }

    /// <summary>Writes a float64 for any value: -0, NaN and the infinities are kept.</summary>
    public void WriteDouble(double value) =>
        output.Advance(Put64(output.GetSpan(LongestHeader), MessagePackFormat.Float64, BitConverter.DoubleToUInt64Bits(value)));

    /// <summary>Writes text as UTF-8. A lone surrogate has no UTF-8 form and is written as U+FFFD; the value codec keeps lone surrogates.</summary>
    public void WriteString(ReadOnlySpan<char> text)
    {
        WriteStringHeader(Encoding.UTF8.GetByteCount(text));
        // Write in pieces, so that a long text needs no buffer of its whole length.
        while (!text.IsEmpty)
        {
            Span<byte> span = output.GetSpan(Math.Min(text.Length + 3, 1024));
            _ = Utf8.FromUtf16(text, span, out int read, out int written);
            output.Advance(written);
            text = text[read..];
        }
    }

    /// <summary>Writes text as UTF-8 if it is well-formed; otherwise writes nothing and returns false.</summary>
    public bool TryWriteString(ReadOnlySpan<char> text)
    {
        // Most texts are names and other short texts: one pass finds their length, validity and bytes.
        if (text.Length <= LongestFixStr)
        {
            Span<byte> span = output.GetSpan(1 + (text.Length * 3));
            if (Utf8.FromUtf16(text, span[1..], out _, out int written, replaceInvalidSequences: false) != OperationStatus.Done) return false;
            if (written <= LongestFixStr)
            {
                span[0] = (byte)(MessagePackFormat.FixStr | written);
                output.Advance(1 + written);
                return true;
            }
        }
        else if (!Utf16.IsWellFormed(text)) return false;

        WriteString(text);
        return true;
    }

    /// <summary>Writes text that is already UTF-8. The caller guarantees that it is valid.</summary>
    public void WriteStringUtf8(ReadOnlySpan<byte> utf8)
    {
        WriteStringHeader(utf8.Length);
        output.Write(utf8);
    }

    internal void WriteBinary(ReadOnlySpan<byte> bytes)
    {
        WriteHeader(bytes.Length, MessagePackFormat.Bin8, MessagePackFormat.Bin16, MessagePackFormat.Bin32);
        output.Write(bytes);
    }

    /// <summary>Writes the header of an array. <paramref name="count"/> values must follow. Range: 0 or more.</summary>
    public void WriteArrayHeader(int count) => WriteContainerHeader(count, MessagePackFormat.FixArray, MessagePackFormat.Array16, MessagePackFormat.Array32);

    /// <summary>Writes the header of a map. <paramref name="count"/> pairs of key and value must follow. Range: 0 or more.</summary>
    public void WriteMapHeader(int count) => WriteContainerHeader(count, MessagePackFormat.FixMap, MessagePackFormat.Map16, MessagePackFormat.Map32);

    internal void WriteExtension(sbyte type, ReadOnlySpan<byte> data)
    {
        WriteExtensionHeader(type, data.Length);
        output.Write(data);
    }

    /// <summary>Writes values that are already MessagePack.</summary>
    public void WriteRaw(ReadOnlySpan<byte> encoded) => output.Write(encoded);

    /// <inheritdoc cref="WriteRaw(ReadOnlySpan{byte})"/>
    public void WriteRaw(in ReadOnlySequence<byte> encoded)
    {
        foreach (ReadOnlyMemory<byte> segment in encoded) output.Write(segment.Span);
    }

    private void WriteExtensionHeader(sbyte type, int length)
    {
        byte fixedSize = length switch
        {
            1 => MessagePackFormat.FixExt1,
            2 => MessagePackFormat.FixExt2,
            4 => MessagePackFormat.FixExt4,
            8 => MessagePackFormat.FixExt8,
            16 => MessagePackFormat.FixExt16,
            _ => 0,
        };
        if (fixedSize != 0) WriteByte(fixedSize);
        else WriteHeader(length, MessagePackFormat.Ext8, MessagePackFormat.Ext16, MessagePackFormat.Ext32);
        WriteByte((byte)type);
    }

    private void WriteStringHeader(int length)
    {
        if (length <= LongestFixStr) WriteByte((byte)(MessagePackFormat.FixStr | length));
        else WriteHeader(length, MessagePackFormat.Str8, MessagePackFormat.Str16, MessagePackFormat.Str32);
    }

    private void WriteContainerHeader(int count, byte fixedHead, byte head16, byte head32)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Span<byte> span = output.GetSpan(LongestHeader);
        switch (count)
        {
            case < 16:
                span[0] = (byte)(fixedHead | count);
                output.Advance(1);
                break;
            case <= ushort.MaxValue:
                output.Advance(Put16(span, head16, (ushort)count));
                break;
            default:
                output.Advance(Put32(span, head32, (uint)count));
                break;
        }
    }

    private void WriteHeader(int length, byte head8, byte head16, byte head32)
    {
        Span<byte> span = output.GetSpan(LongestHeader);
        output.Advance(length switch
        {
            <= byte.MaxValue => Put8(span, head8, (byte)length),
            <= ushort.MaxValue => Put16(span, head16, (ushort)length),
            _ => Put32(span, head32, (uint)length),
        });
    }

    private void WriteByte(byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }

    private static int Put8(Span<byte> span, byte head, byte value)
    {
        span[1] = value;
        span[0] = head;
        return 2;
    }

    private static int Put16(Span<byte> span, byte head, ushort value)
    {
        span[0] = head;
        BinaryPrimitives.WriteUInt16BigEndian(span[1..], value);
        return 3;
    }

    private static int Put32(Span<byte> span, byte head, uint value)
    {
        span[0] = head;
        BinaryPrimitives.WriteUInt32BigEndian(span[1..], value);
        return 5;
    }

    private static int Put64(Span<byte> span, byte head, ulong value)
    {
        span[0] = head;
        BinaryPrimitives.WriteUInt64BigEndian(span[1..], value);
        return 9;
    }
}
