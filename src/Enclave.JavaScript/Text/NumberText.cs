using System.Diagnostics;
using System.Globalization;

namespace Enclave.JavaScript.Text;

/// <summary>The language's text for numbers: Number::toString with radix 10 (ECMA-262 6.1.6.1.20).</summary>
public static class NumberText
{
    /// <summary>The longest text: a sign, 17 digits, a point and a leading "0.00000", or an exponent.</summary>
    public const int MaxLength = 32;

    private const int MaxDigits = 17;
    private const double MaxExactInteger = 9007199254740992;

    /// <summary>Writes a number.</summary>
    /// <returns>The number of characters, at most <see cref="MaxLength"/>.</returns>
    public static int Write(double value, Span<char> destination)
    {
        if (value == 0) return Copy("0", destination);
        if (double.IsNaN(value)) return Copy("NaN", destination);
        if (double.IsInfinity(value)) return Copy(value < 0 ? "-Infinity" : "Infinity", destination);
        if (Math.Abs(value) < MaxExactInteger && value == Math.Truncate(value))
        {
            ((long)value).TryFormat(destination, out int length, default, CultureInfo.InvariantCulture);
            return length;
        }

        int sign = value < 0 ? Copy("-", destination) : 0;
        Span<char> digits = stackalloc char[MaxDigits];
        int count = Shortest(Math.Abs(value), digits, out int point);
        return sign + Lay(digits[..count], point, destination[sign..]);
    }

    /// <summary>The number as a string.</summary>
    public static string Of(double value)
    {
        Span<char> text = stackalloc char[MaxLength];
        return new string(text[..Write(value, text)]);
    }

    /// <summary>The fewest digits that identify the number (k and s of the clause), and the position of the decimal point (n).</summary>
    private static int Shortest(double value, Span<char> digits, out int point)
    {
        Span<char> text = stackalloc char[MaxLength];
        // E16 would give digits that are not needed. R gives the fewest digits, in one of two layouts.
        bool fits = value.TryFormat(text, out int length, "R", CultureInfo.InvariantCulture);
        Debug.Assert(fits, "R takes at most 24 characters");
        int count = 0, exponent = 0, fraction = -1;
        for (int i = 0; i < length; i++)
        {
            if (text[i] == 'E')
            {
                exponent = int.Parse(text[(i + 1)..length], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
                break;
            }

            if (text[i] == '.') fraction = 0;
            else
            {
                if (fraction >= 0) fraction++;
                if (count > 0 || text[i] != '0') digits[count++] = text[i];
            }
        }

        point = count - Math.Max(fraction, 0) + exponent;
        while (digits[count - 1] == '0') count--;
        return count;
    }

    /// <summary>Steps 6 to 12 of the clause.</summary>
    private static int Lay(ReadOnlySpan<char> digits, int point, Span<char> destination)
    {
        if (point is > 21 or < -5) return LayExponent(digits, point - 1, destination);
        if (point >= digits.Length)
        {
            digits.CopyTo(destination);
            destination[digits.Length..point].Fill('0');
            return point;
        }

        if (point > 0)
        {
            digits[..point].CopyTo(destination);
            destination[point] = '.';
            digits[point..].CopyTo(destination[(point + 1)..]);
            return digits.Length + 1;
        }

        int zeros = Copy("0.", destination) - point;
        destination[2..zeros].Fill('0');
        digits.CopyTo(destination[zeros..]);
        return zeros + digits.Length;
    }

    private static int LayExponent(ReadOnlySpan<char> digits, int exponent, Span<char> destination)
    {
        int length = 1;
        destination[0] = digits[0];
        if (digits.Length > 1)
        {
            destination[1] = '.';
            digits[1..].CopyTo(destination[2..]);
            length += digits.Length;
        }

        destination[length++] = 'e';
        if (exponent > 0) destination[length++] = '+';
        exponent.TryFormat(destination[length..], out int written, default, CultureInfo.InvariantCulture);
        return length + written;
    }

    private static int Copy(string text, Span<char> destination)
    {
        text.CopyTo(destination);
        return text.Length;
    }
}
