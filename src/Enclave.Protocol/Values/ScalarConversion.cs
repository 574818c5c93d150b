using System.Numerics;

namespace Enclave.Protocol.Values;

/// <summary>Converts .NET scalars to values.</summary>
internal static class ScalarConversion
{
    /// <summary>The value; null if the object is not a scalar.</summary>
    public static ScriptValue? Convert(object? value) => value switch
    {
        null => ScriptValue.Null,
        string text => ScriptValue.OfString(text),
        bool boolean => ScriptValue.OfBoolean(boolean),
        ScriptValue same => same.HasReference ? null : same,
        char unit => ScriptValue.OfString(unit.ToString()),
        byte[] bytes => ScriptValue.OfBytes([.. bytes]),
        ReadOnlyMemory<byte> bytes => ScriptValue.OfBytes(bytes.ToArray()),
        Memory<byte> bytes => ScriptValue.OfBytes(bytes.ToArray()),
        DateTimeOffset date => ScriptValue.OfDate(date.ToUnixTimeMilliseconds()),
        DateTime date => ScriptValue.OfDate(Milliseconds(date)),
        Guid guid => ScriptValue.OfString(guid.ToString()),
        // Last, because checking for an enum walks up the base types.
        _ => Number(value) ?? (value is Enum name ? ScriptValue.OfString(name.ToString()) : null),
    };

    private static ScriptValue? Number(object value) => value switch
    {
        int number => ScriptValue.OfNumber(number),
        double number => ScriptValue.OfNumber(number),
        long number => ScriptValue.OfInteger(number),
        float number => ScriptValue.OfNumber(number),
        decimal number => ScriptValue.OfNumber((double)number),
        Half number => ScriptValue.OfNumber((double)number),
        byte number => ScriptValue.OfNumber(number),
        sbyte number => ScriptValue.OfNumber(number),
        short number => ScriptValue.OfNumber(number),
        ushort number => ScriptValue.OfNumber(number),
        uint number => ScriptValue.OfNumber(number),
        nint number => ScriptValue.OfInteger(number),
        ulong number => OfLarge(number),
        nuint number => OfLarge(number),
        Int128 number => OfLarge(number),
        UInt128 number => OfLarge(number),
        // A BigInteger becomes a BigInt even if it is small: in JavaScript 1n and 1 do not mix.
        BigInteger number => FitsTheWire(number) ? ScriptValue.OfBigInt(number) : null,
        _ => null,
    };

    private static ScriptValue OfLarge(BigInteger value) =>
        BigInteger.Abs(value) <= ProtocolLimits.MaxSafeInteger ? ScriptValue.OfNumber((double)value) : ScriptValue.OfBigInt(value);

    private static bool FitsTheWire(BigInteger value) => BigInteger.Abs(value).GetByteCount(isUnsigned: true) <= ProtocolLimits.MaxBigIntBytes;

    // A sandbox has no local time; a time without a zone is read as UTC, the only zone of scripts.
    private static long Milliseconds(DateTime date) =>
        new DateTimeOffset(date.Kind == DateTimeKind.Local ? date.ToUniversalTime() : DateTime.SpecifyKind(date, DateTimeKind.Utc)).ToUnixTimeMilliseconds();
}
