using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Enclave.Protocol.Values;

/// <summary>Converts JSON numbers to values: integers stay exact.</summary>
internal static class JsonNumber
{
    // More digits than the longest BigInt has. A longer literal becomes a float64, as with JSON.parse.
    private const int MaxDigits = ProtocolLimits.MaxBigIntBytes * 2;

    public static ScriptValue Read(JsonElement element)
    {
        ReadOnlySpan<byte> raw = JsonMarshal.GetRawUtf8Value(element);
        // "-0" is the only integer that needs a float64.
        if (element.TryGetInt64(out long value) && !raw.SequenceEqual("-0"u8)) return ScriptValue.OfInteger(value);
        bool isLongInteger = raw.Length is > 18 and <= MaxDigits && raw.IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0;
        return isLongInteger
            ? ScriptValue.OfBigInt(BigInteger.Parse(Encoding.ASCII.GetString(raw), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture))
            : ScriptValue.OfNumber(element.GetDouble());
    }
}
