using System.Numerics;

namespace Enclave.JavaScript.Lexing;

/// <summary>The value of digits in a base that is a power of two, rounded to nearest, ties to even (ECMA-262 6.1.6.1).</summary>
internal static class RadixNumber
{
    public static double Value(ReadOnlySpan<char> digits, int radix)
    {
        int bitsPerDigit = BitOperations.Log2((uint)radix);
        ulong high = 0;
        bool sticky = false;
        int dropped = 0;
        foreach (char c in digits)
        {
            if (c == '_') continue;
            uint digit = (uint)CharacterTable.HexValue(c);
            // 60 bits hold the 53 bits of the result, the rounding bit, and some more. The rest only decides if it is a tie.
            if (high >> (60 - bitsPerDigit) == 0)
            {
                high = (high << bitsPerDigit) | digit;
                continue;
            }

            sticky |= digit != 0;
            dropped += bitsPerDigit;
        }

        return dropped == 0 && high <= 1UL << 53 ? high : Rounded(high, sticky, dropped);
    }

    private static double Rounded(ulong high, bool sticky, int exponent)
    {
        int excess = 64 - BitOperations.LeadingZeroCount(high) - 53;
        if (excess > 0)
        {
            ulong rest = high & ((1UL << excess) - 1);
            ulong half = 1UL << (excess - 1);
            high >>= excess;
            exponent += excess;
            if (rest > half || (rest == half && (sticky || (high & 1) != 0))) high++;
        }

        // Math.ScaleB is exact here and gives infinity beyond the largest double.
        return Math.ScaleB(high, exponent);
    }
}
