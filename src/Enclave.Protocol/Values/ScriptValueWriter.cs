using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using Enclave.Protocol.Codec;

namespace Enclave.Protocol.Values;

/// <summary>Writes values as MessagePack, each in its shortest form.</summary>
internal readonly struct ScriptValueWriter(MessagePackWriter writer)
{
    private const int StackBytes = 256;

    // The recursion depth is that of the value, which is at most ProtocolLimits.MaxDepth.
    public void Write(ScriptValue value)
    {
        switch (value.Kind)
        {
            case ScriptValueKind.Undefined:
                writer.WriteExtension(ValueExtension.Undefined, []);
                break;
            case ScriptValueKind.Null:
                writer.WriteNil();
                break;
            case ScriptValueKind.Boolean:
                writer.WriteBoolean(value.AsBoolean());
                break;
            case ScriptValueKind.Number:
                WriteNumber(value.AsDouble());
                break;
            case ScriptValueKind.BigInt:
                WriteBigInt(value.AsBigInteger());
                break;
            case ScriptValueKind.String:
                WriteString(value.AsString());
                break;
            case ScriptValueKind.Bytes:
                writer.WriteBinary(value.AsBytes().Span);
                break;
            case ScriptValueKind.Date:
                MessagePackTimestamp.Write(writer, value.AsDateMilliseconds());
                break;
            case ScriptValueKind.Array:
                writer.WriteArrayHeader(value.Count);
                foreach (ScriptValue item in value.Items) Write(item);
                break;
            case ScriptValueKind.Reference:
                ReferenceCodec.Write(writer, value.AsReference());
                break;
            default:
                writer.WriteMapHeader(value.Count);
                foreach (KeyValuePair<string, ScriptValue> property in value.Properties)
                {
                    WriteString(property.Key);
                    Write(property.Value);
                }

                break;
        }
    }

    public void WriteNumber(double value)
    {
        if (IsInteger(value)) writer.WriteInt64((long)value);
        else writer.WriteDouble(value);
    }

    /// <summary>True if a number is written as an integer. Integers have no -0, and beyond the safe range a reader would see a BigInt.</summary>
    public static bool IsInteger(double value)
    {
        const double Edge = ProtocolLimits.MaxSafeInteger;
        return value is >= -Edge and <= Edge && value == (long)value && !(value == 0 && double.IsNegative(value));
    }

    private void WriteBigInt(BigInteger value)
    {
        BigInteger magnitude = BigInteger.Abs(value);
        int length = value.IsZero ? 0 : magnitude.GetByteCount(isUnsigned: true);
        byte[]? rented = length >= StackBytes ? ArrayPool<byte>.Shared.Rent(length + 1) : null;
        Span<byte> data = rented ?? stackalloc byte[StackBytes];
        data[0] = value.Sign < 0 ? (byte)1 : (byte)0;
        if (length > 0) _ = magnitude.TryWriteBytes(data[1..], out _, isUnsigned: true);
        writer.WriteExtension(ValueExtension.BigInt, data[..(length + 1)]);
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
    }

    public void WriteString(string text)
    {
        if (!writer.TryWriteString(text)) WriteUtf16(text);
    }

    private void WriteUtf16(string text)
    {
        int length = text.Length * sizeof(char);
        byte[]? rented = length > StackBytes ? ArrayPool<byte>.Shared.Rent(length) : null;
        Span<byte> data = rented ?? stackalloc byte[StackBytes];
        for (int i = 0; i < text.Length; i++) BinaryPrimitives.WriteUInt16LittleEndian(data[(i * sizeof(char))..], text[i]);
        writer.WriteExtension(ValueExtension.Utf16, data[..length]);
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
    }
}
