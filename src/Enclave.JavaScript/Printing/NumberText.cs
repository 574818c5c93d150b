using System.Globalization;

namespace Enclave.JavaScript.Printing;

/// <summary>Numbers as the language writes them (Number::toString, ECMA-262 6.1.6.1.20).</summary>
internal static class NumberText
{
    /// <summary>No number is longer: 21 digits, or a sign, a dot, 17 digits and an exponent.</summary>
    public const int MaxLength = 32;

    private const double ExactIntegers = 9_007_199_254_740_992;

    /// <summary>Writes a number that is not negative.</summary>
    /// <returns>How many characters it takes.</returns>
    public static int Write(double value, Span<char> destination)
    {
        int written;
        if (value < ExactIntegers && value == Math.Floor(value))
        {
            ((long)value).TryFormat(destination, out written, provider: CultureInfo.InvariantCulture);
            return written;
        }

        // Neither has a literal of its own.
        if (double.IsNaN(value)) return Copy("0/0", destination);
        if (double.IsInfinity(value)) return Copy("1e999", destination);

        Span<char> shortest = stackalloc char[MaxLength];
        value.TryFormat(shortest, out written, "R", CultureInfo.InvariantCulture);
        Span<char> digits = stackalloc char[MaxLength];
        int count = Digits(shortest[..written], digits, out int point);
        return Layout(digits[..count], point, destination);
    }

    /// <summary>The significant digits of what .NET wrote, and the place of the dot in front of or within them: n of the clause.</summary>
    private static int Digits(ReadOnlySpan<char> text, Span<char> digits, out int point)
    {
        int exponent = 0;
        int mark = text.IndexOf('E');
        if (mark >= 0)
        {
            exponent = int.Parse(text[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            text = text[..mark];
        }

        int dot = text.IndexOf('.');
        point = (dot < 0 ? text.Length : dot) + exponent;
        int count = 0;
        foreach (char c in text)
        {
            if (c == '.') continue;
            if (count == 0 && c == '0') point--;
            else digits[count++] = c;
        }

        while (digits[count - 1] == '0') count--;
        return count;
    }

    private static int Layout(ReadOnlySpan<char> digits, int point, Span<char> destination)
    {
        var text = new SpanText(destination);
        int count = digits.Length;
        if (point >= count && point <= 21)
        {
            text.Add(digits);
            text.Fill('0', point - count);
        }
        else if (point > 0 && point <= 21)
        {
            text.Add(digits[..point]);
            text.Add(".");
            text.Add(digits[point..]);
        }
        else if (point > -6 && point <= 0)
        {
            text.Add("0.");
            text.Fill('0', -point);
            text.Add(digits);
        }
        else
        {
            text.Add(digits[..1]);
            if (count > 1)
            {
                text.Add(".");
                text.Add(digits[1..]);
            }

            text.Add(point > 0 ? "e+" : "e");
            text.Add(point - 1);
        }

        return text.Length;
    }

    private static int Copy(string text, Span<char> destination)
    {
        text.CopyTo(destination);
        return text.Length;
    }

    /// <summary>A text that grows in a span known to be long enough.</summary>
    private ref struct SpanText(Span<char> destination)
    {
        private readonly Span<char> _destination = destination;

        public int Length { get; private set; }

        public void Add(ReadOnlySpan<char> text)
        {
            text.CopyTo(_destination[Length..]);
            Length += text.Length;
        }

        public void Add(int value)
        {
            value.TryFormat(_destination[Length..], out int written, provider: CultureInfo.InvariantCulture);
            Length += written;
        }

        public void Fill(char c, int count)
        {
            _destination.Slice(Length, count).Fill(c);
            Length += count;
        }
    }
}
