using System.Numerics;

namespace Enclave.Protocol;

public sealed partial class ScriptValue
{
    private static readonly long EarliestMilliseconds = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long LatestMilliseconds = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>The value of a boolean.</summary>
    /// <exception cref="InvalidOperationException">It is not a boolean.</exception>
    public bool AsBoolean() => Kind == ScriptValueKind.Boolean ? _number != 0 : throw WrongKind(nameof(ScriptValueKind.Boolean));

    /// <summary>The value of a number.</summary>
    /// <exception cref="InvalidOperationException">It is not a number; a BigInt is not a number either.</exception>
    public double AsDouble() => Kind == ScriptValueKind.Number ? _number : throw WrongKind(nameof(ScriptValueKind.Number));

    /// <summary>The value of a whole number or of a BigInt.</summary>
    /// <exception cref="InvalidOperationException">It is neither, has a fraction, or is outside the range of <see cref="long"/>.</exception>
    public long AsInt64()
    {
        // The upper bound is 2^63, the first double above the range of long.
        if (Kind == ScriptValueKind.Number && double.IsInteger(_number) && _number is >= long.MinValue and < 9223372036854775808.0) return (long)_number;
        if (Kind == ScriptValueKind.BigInt && _data is BigInteger big && big >= long.MinValue && big <= long.MaxValue) return (long)big;
        throw NotInteger("a 64-bit integer");
    }

    /// <summary>The value of a whole number or of a BigInt.</summary>
    /// <exception cref="InvalidOperationException">It is neither, has a fraction, or is outside the range of <see cref="int"/>.</exception>
    public int AsInt32()
    {
        if (Kind == ScriptValueKind.Number && _number == (int)_number) return (int)_number;
        if (Kind == ScriptValueKind.BigInt && _data is BigInteger big && big >= int.MinValue && big <= int.MaxValue) return (int)big;
        throw NotInteger("a 32-bit integer");
    }

    /// <summary>The value of a BigInt or of a whole number.</summary>
    /// <exception cref="InvalidOperationException">It is neither, or has a fraction.</exception>
    public BigInteger AsBigInteger()
    {
        if (Kind == ScriptValueKind.BigInt) return (BigInteger)_data!;
        if (Kind == ScriptValueKind.Number && double.IsInteger(_number)) return new BigInteger(_number);
        throw NotInteger("an integer");
    }

    /// <summary>The text of a string, which may contain lone surrogates.</summary>
    /// <exception cref="InvalidOperationException">It is not a string.</exception>
    public string AsString() => (string)Data(ScriptValueKind.String);

    /// <summary>The bytes of binary data.</summary>
    /// <exception cref="InvalidOperationException">It is not binary data.</exception>
    public ReadOnlyMemory<byte> AsBytes() => (byte[])Data(ScriptValueKind.Bytes);

    /// <summary>The reference to a value that is kept in the host.</summary>
    /// <exception cref="InvalidOperationException">It is not a reference.</exception>
    public ScriptReference AsReference() => (ScriptReference)Data(ScriptValueKind.Reference);

    /// <summary>The instant of a date, in UTC.</summary>
    /// <exception cref="InvalidOperationException">
    /// It is not a date, or lies outside the years 1 to 9999. <see cref="AsDateMilliseconds"/> returns all dates of JavaScript.
    /// </exception>
    public DateTimeOffset AsDate()
    {
        long milliseconds = AsDateMilliseconds();
        return HasDateTimeOffset
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : throw new InvalidOperationException($"The Date {ToIsoString()} is outside the years 1 to 9999 that DateTimeOffset holds.");
    }

    /// <summary>The instant of a date, in milliseconds since 1970-01-01 UTC. Range: 8,640,000,000,000,000 in both directions.</summary>
    /// <exception cref="InvalidOperationException">It is not a date.</exception>
    public long AsDateMilliseconds() => Kind == ScriptValueKind.Date ? (long)_number : throw WrongKind(nameof(ScriptValueKind.Date));

    private bool HasDateTimeOffset => _number >= EarliestMilliseconds && _number <= LatestMilliseconds;

    private InvalidOperationException NotInteger(string wanted) => Kind is ScriptValueKind.Number or ScriptValueKind.BigInt
        ? new($"The {Kind} {ToString()} is not {wanted}.")
        : WrongKind($"{nameof(ScriptValueKind.Number)} or {nameof(ScriptValueKind.BigInt)}");
}
