using System.Numerics;

namespace Enclave.Protocol.Values;

/// <summary>.NET scalars as values.</summary>
internal static class ScalarConversion
{
    /// <summary>The value, or <c>null</c> if the object is no scalar.</summary>
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
        // Last, since to know an enum is to walk up its base types.
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
        // A BigInteger says that it is one, however small it is: in JavaScript 1n and 1 do not mix.
        BigInteger number => FitsTheWire(number) ? ScriptValue.OfBigInt(number) : null,
        _ => null,
    };

    private static ScriptValue OfLarge(BigInteger value) =>
        BigInteger.Abs(value) <= ProtocolLimits.MaxSafeInteger ? ScriptValue.OfNumber((double)value) : ScriptValue.OfBigInt(value);

    private static bool FitsTheWire(BigInteger value) => BigInteger.Abs(value).GetByteCount(isUnsigned: true) <= ProtocolLimits.MaxBigIntBytes;

    // Local time has no meaning in a sandbox; a time without a zone is taken as UTC, the one zone that a script sees.
    private static long Milliseconds(DateTime date) =>
        new DateTimeOffset(date.Kind == DateTimeKind.Local ? date.ToUniversalTime() : DateTime.SpecifyKind(date, DateTimeKind.Utc)).ToUnixTimeMilliseconds();
}
