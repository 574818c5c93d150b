using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Unicode;

namespace Enclave.Protocol.Codec;

public ref partial struct MessagePackReader
{
    /// <summary>Reads a string of at most <paramref name="maxBytes"/> bytes of UTF-8. Ill-formed UTF-8 is refused, never replaced.</summary>
    public string ReadString(int maxBytes)
    {
        long start = Consumed;
        int length = ReadStringHeader();
        if (length > maxBytes) MessagePackFault.TooLong(start, "string", length, maxBytes);
        return ReadStringBody(length);
    }

    /// <summary>Reads a string if it is this one, of ASCII alone, and its bytes lie together; otherwise reads nothing.</summary>
    internal bool TryReadAscii(string expected)
    {
        ReadOnlySpan<byte> rest = _span[_at..];
        int header = expected.Length <= 31 ? 1 : 2;
        if (expected.Length > byte.MaxValue || rest.Length < header + expected.Length) return false;
        bool isLong = header == 2;
        if (isLong ? rest[0] != MessagePackFormat.Str8 || rest[1] != expected.Length : rest[0] != (MessagePackFormat.FixStr | expected.Length)) return false;
        if (!Ascii.Equals(rest.Slice(header, expected.Length), expected)) return false;
        _at += header + expected.Length;
        return true;
    }

    /// <summary>Reads a string of at most <paramref name="maxBytes"/> bytes without checking that it is UTF-8.</summary>
    public ReadOnlySequence<byte> ReadStringBytes(int maxBytes)
    {
        long start = Consumed;
        int length = ReadStringHeader();
        if (length > maxBytes) MessagePackFault.TooLong(start, "string", length, maxBytes);
        return Take(length);
    }

    /// <summary>Reads a binary of at most <paramref name="maxBytes"/> bytes, as a slice of the input: valid as long as the input is.</summary>
    public ReadOnlySequence<byte> ReadBinary(int maxBytes)
    {
        long start = Consumed;
        int length = ReadBinaryHeader();
        if (length > maxBytes) MessagePackFault.TooLong(start, "binary", length, maxBytes);
        return Take(length);
    }

    /// <summary>Reads an extension of at most <paramref name="maxBytes"/> bytes, as a slice of the input: valid as long as the input is.</summary>
    public ReadOnlySequence<byte> ReadExtension(int maxBytes, out sbyte type)
    {
        long start = Consumed;
        (type, int length) = ReadExtensionHeader();
        if (length > maxBytes) MessagePackFault.TooLong(start, "extension", length, maxBytes);
        return Take(length);
    }

    /// <summary>Reads the length of a string, which is at most the remaining bytes. <see cref="ReadStringBody"/> must follow.</summary>
    public int ReadStringHeader()
    {
        long start = Consumed;
        byte head = ReadByte();
        long length = 0;
        if (head is >= MessagePackFormat.FixStr and <= MessagePackFormat.FixStrMax) length = head & 0x1f;
        else if (head == MessagePackFormat.Str8) length = ReadByte();
        else if (head == MessagePackFormat.Str16) length = ReadBigEndian16();
        else if (head == MessagePackFormat.Str32) length = ReadBigEndian32();
        else MessagePackFault.Unexpected(start, head, "String");
        return CheckedLength(start, "string", length);
    }

    /// <summary>Reads the length of a binary, which is at most the remaining bytes. <see cref="ReadBody"/> must follow.</summary>
    public int ReadBinaryHeader()
    {
        long start = Consumed;
        byte head = ReadByte();
        long length = 0;
        if (head == MessagePackFormat.Bin8) length = ReadByte();
        else if (head == MessagePackFormat.Bin16) length = ReadBigEndian16();
        else if (head == MessagePackFormat.Bin32) length = ReadBigEndian32();
        else MessagePackFault.Unexpected(start, head, "Binary");
        return CheckedLength(start, "binary", length);
    }

    /// <summary>Reads the type and the length of an extension, which is at most the remaining bytes. <see cref="ReadBody"/> must follow.</summary>
    public (sbyte Type, int Length) ReadExtensionHeader()
    {
        long start = Consumed;
        byte head = ReadByte();
        long length = 0;
        if (head is >= MessagePackFormat.FixExt1 and <= MessagePackFormat.FixExt16) length = 1L << head - MessagePackFormat.FixExt1;
        else if (head == MessagePackFormat.Ext8) length = ReadByte();
        else if (head == MessagePackFormat.Ext16) length = ReadBigEndian16();
        else if (head == MessagePackFormat.Ext32) length = ReadBigEndian32();
        else MessagePackFault.Unexpected(start, head, "Extension");
        sbyte type = (sbyte)ReadByte();
        return (type, CheckedLength(start, "extension", length));
    }

    /// <summary>Reads the bytes after a header.</summary>
    public ReadOnlySequence<byte> ReadBody(int length) => Take(CheckedLength(Consumed, "body", length));

    /// <summary>Reads the text after <see cref="ReadStringHeader"/>.</summary>
    public string ReadStringBody(int length)
    {
        long start = Consumed;
        _ = CheckedLength(start, "string", length);
        if (length == 0) return "";
        if (length <= _span.Length - _at)
        {
            bool isAscii = IsShortAscii(_at, length);
            ReadOnlySpan<byte> utf8 = _span.Slice(_at, length);
            _at += length;
            return isAscii ? Encoding.UTF8.GetString(utf8) : Decode(start, utf8);
        }

        byte[] rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            Take(length).CopyTo(rented);
            return Decode(start, rented.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static string Decode(long start, ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8)) MessagePackFault.NotUtf8(start);
        return Encoding.UTF8.GetString(utf8);
    }

    /// <summary>True for a short ASCII text that has enough bytes after it to be tested with one vector load.</summary>
    private readonly bool IsShortAscii(int at, int length)
    {
        if (length >= Vector256<byte>.Count || _span.Length - at < Vector256<byte>.Count) return false;
        var text = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(_span), (nuint)at);
        return (text.ExtractMostSignificantBits() & (1u << length) - 1) == 0;
    }
}
