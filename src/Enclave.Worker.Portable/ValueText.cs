using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Enclave.Protocol;
using Enclave.Protocol.Codec;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Values;

namespace Enclave.Worker.Portable;

/// <summary>
/// Turns a value as Prelude/values.js writes it into MessagePack: a mark, a number up to a semicolon, and for texts their characters. V8 copies one
/// string to .NET in less time than it takes to encode bytes in a script.
/// </summary>
internal ref struct ValueText(ReadOnlySpan<char> text, FrameBuffer output)
{
    private const ulong UsualNaN = 0x7ff8000000000000;

    private readonly MessagePackWriter _writer = new(output);
    private ReadOnlySpan<char> _rest = text;

    /// <summary>Writes the value to the end of the buffer. False, and an unfinished value, if it takes more bytes than allowed.</summary>
    public static bool TryWrite(ReadOnlySpan<char> text, FrameBuffer output, int maxBytes)
    {
        var value = new ValueText(text, output);
        int start = output.Length;
        while (!value._rest.IsEmpty && output.Length - start <= maxBytes) value.WriteNext();
        return output.Length - start <= maxBytes;
    }

    private void WriteNext()
    {
        char mark = _rest[0];
        _rest = _rest[1..];
        switch (mark)
        {
            case 'n':
                _writer.WriteNil();
                break;
            case 'u':
                _writer.WriteExtension(ValueExtension.Undefined, []);
                break;
            case 't' or 'f':
                _writer.WriteBoolean(mark == 't');
                break;
            case 'i':
                _writer.WriteInt64(long.Parse(TakeNumber(), CultureInfo.InvariantCulture));
                break;
            case 'd':
                double number = double.Parse(TakeNumber(), CultureInfo.InvariantCulture);
                // The NaN of .NET has a sign.
                new ScriptValueWriter(_writer).WriteNumber(double.IsNaN(number) ? BitConverter.UInt64BitsToDouble(UsualNaN) : number);
                break;
            case 'D':
                MessagePackTimestamp.Write(_writer, long.Parse(TakeNumber(), CultureInfo.InvariantCulture));
                break;
            case 'b':
                WriteBigInt(TakeNumber());
                break;
            case 's':
                WriteString(Take(TakeCount()));
                break;
            case 'x':
                WriteBytes(new byte[TakeCount()]);
                break;
            case 'a':
                _writer.WriteArrayHeader(TakeCount());
                break;
            case 'm':
                _writer.WriteMapHeader(TakeCount());
                break;
            case 'r':
                _writer.WriteExtension(ValueExtension.Reference, Convert.FromHexString(Take(ProtocolLimits.ReferenceIdBytes * 2)));
                break;
            default:
                throw new FormatException($"a value cannot begin with '{mark}'");
        }
    }

    private ReadOnlySpan<char> Take(int length)
    {
        ReadOnlySpan<char> taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    private ReadOnlySpan<char> TakeNumber()
    {
        ReadOnlySpan<char> number = Take(_rest.IndexOf(';'));
        _rest = _rest[1..];
        return number;
    }

    private int TakeCount() => int.Parse(TakeNumber(), CultureInfo.InvariantCulture);

    private readonly void WriteString(ReadOnlySpan<char> value)
    {
        if (_writer.TryWriteString(value)) return;
        byte[] units = new byte[value.Length * sizeof(char)];
        for (int i = 0; i < value.Length; i++) BinaryPrimitives.WriteUInt16LittleEndian(units.AsSpan(i * sizeof(char)), value[i]);
        _writer.WriteExtension(ValueExtension.Utf16, units);
    }

    private void WriteBytes(byte[] bytes)
    {
        if (!Convert.TryFromBase64Chars(TakeNumber(), bytes, out int written) || written != bytes.Length) throw new FormatException("bytes of another length");
        _writer.WriteBinary(bytes);
    }

    private readonly void WriteBigInt(ReadOnlySpan<char> hex)
    {
        bool isNegative = hex[0] == '-';
        // A leading zero: otherwise the highest digit could be read as a sign.
        BigInteger magnitude = BigInteger.Parse($"0{hex[(isNegative ? 1 : 0)..]}", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        int length = magnitude.IsZero ? 0 : magnitude.GetByteCount(isUnsigned: true);
        byte[] data = new byte[length + 1];
        data[0] = isNegative ? (byte)1 : (byte)0;
        if (length > 0) magnitude.TryWriteBytes(data.AsSpan(1), out _, isUnsigned: true);
        _writer.WriteExtension(ValueExtension.BigInt, data);
    }
}
