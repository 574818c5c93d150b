using System.Globalization;
using System.Numerics;

namespace Enclave.Cli.Parse.Estree;

/// <summary>The language's text for big integers: BigInt::toString with radix 10 (ECMA-262 6.1.6.2.22).</summary>
internal static class BigIntText
{
    /// <summary>The decimal digits of a literal, given as in <see cref="Enclave.JavaScript.Ast.BigIntLiteral.Digits"/>, with its prefix.</summary>
    public static string Decimal(string digits)
    {
        int width = digits.Length < 2 ? 0 : (digits[1] | 0x20) switch { 'x' => 4, 'o' => 3, 'b' => 1, _ => 0 };
        return width == 0 ? digits : OfBits(digits.AsSpan(2), width).ToString(CultureInfo.InvariantCulture);
    }

    private static BigInteger OfBits(ReadOnlySpan<char> digits, int width)
    {
        byte[] bytes = new byte[(digits.Length * width / 8) + 1];
        int bit = 0;
        for (int i = digits.Length - 1; i >= 0; i--, bit += width)
        {
            int value = char.IsAsciiDigit(digits[i]) ? digits[i] - '0' : (digits[i] | 0x20) - 'a' + 10;
            int shifted = value << (bit & 7);
            bytes[bit >> 3] |= (byte)shifted;
            // An octal digit may straddle two bytes.
            if (shifted > byte.MaxValue) bytes[(bit >> 3) + 1] |= (byte)(shifted >> 8);
        }

        return new BigInteger(bytes, isUnsigned: true);
    }
}
