using System.Numerics;
using System.Text;
using Enclave.Protocol.Codec;

namespace Enclave.Protocol.Values;

/// <summary>Computes how many bytes <see cref="ScriptValueCodec"/> writes for a value.</summary>
internal static class EncodedSize
{
    /// <summary>The size of a whole value.</summary>
    public static long Of(ScriptValue value)
    {
        switch (value.Kind)
        {
            case ScriptValueKind.Array:
                long items = OfHeader(value.Count);
                foreach (ScriptValue item in value.Items) items += Of(item);
                return items;
            case ScriptValueKind.Object:
                long properties = OfHeader(value.Count);
                foreach (KeyValuePair<string, ScriptValue> property in value.Properties) properties += OfText(property.Key) + Of(property.Value);
                return properties;
            default:
                return OfScalar(value);
        }
    }

    /// <summary>The header of an array or a map.</summary>
    public static int OfHeader(int count) => count < 16 ? 1 : count <= ushort.MaxValue ? 3 : 5;

    /// <summary>The size of a key or a string.</summary>
    public static long OfText(string text)
    {
        if (!Utf16.IsWellFormed(text)) return OfExtension(text.Length * sizeof(char));
        int length = Encoding.UTF8.GetByteCount(text);
        return length + (length < 32 ? 1 : OfBinaryHeader(length));
    }

    /// <summary>The size of a value other than an array or an object.</summary>
    public static long OfScalar(ScriptValue value) => value.Kind switch
    {
        ScriptValueKind.Undefined => OfExtension(0),
        ScriptValueKind.Number => OfNumber(value.AsDouble()),
        ScriptValueKind.BigInt => OfExtension(1 + (value.AsBigInteger().IsZero ? 0 : BigInteger.Abs(value.AsBigInteger()).GetByteCount(isUnsigned: true))),
        ScriptValueKind.String => OfText(value.AsString()),
        ScriptValueKind.Bytes => value.Count + OfBinaryHeader(value.Count),
        ScriptValueKind.Date => OfExtension(MessagePackTimestamp.Length(value.AsDateMilliseconds())),
        ScriptValueKind.Reference => OfExtension(ReferenceCodec.Length(value.AsReference())),
        _ => 1,
    };

    private static int OfBinaryHeader(int length) => length <= byte.MaxValue ? 2 : length <= ushort.MaxValue ? 3 : 5;

    private static long OfExtension(int length) => length + (length is 1 or 2 or 4 or 8 or 16 ? 2 : 1 + OfBinaryHeader(length));

    private static int OfNumber(double value)
    {
        if (!ScriptValueWriter.IsInteger(value)) return 9;
        long number = (long)value;
        if (number >= 0) return number < 128 ? 1 : number <= byte.MaxValue ? 2 : number <= ushort.MaxValue ? 3 : number <= uint.MaxValue ? 5 : 9;
        return number >= -32 ? 1 : number >= sbyte.MinValue ? 2 : number >= short.MinValue ? 3 : number >= int.MinValue ? 5 : 9;
    }
}
