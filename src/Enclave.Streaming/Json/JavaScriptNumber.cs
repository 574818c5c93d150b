using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Enclave.Streaming.Json;

/// <summary>Writes numbers like JavaScript.</summary>
internal static class JavaScriptNumber
{
    // Every integer with this many digits is exact as a double, and is written without an exponent.
    private const int PlainDigits = 15;
    private const int LargestPlainExponent = 21;
    private const int SmallestPlainExponent = -6;

    /// <summary>A JSON number as <c>JSON.stringify</c> writes it after <c>JSON.parse</c>.</summary>
    public static string Normalise(ReadOnlySpan<byte> json)
    {
        if (IsPlain(json)) return Encoding.ASCII.GetString(json);
        return Utf8Parser.TryParse(json, out double number, out int read) && read == json.Length && double.IsFinite(number) ? Format(number) : "null";
    }

    /// <summary>A finite number.</summary>
    public static string Format(double number)
    {
        if (number == 0) return "0";
        string shortest = Math.Abs(number).ToString("R", CultureInfo.InvariantCulture);
        string sign = number < 0 ? "-" : "";
        int mark = shortest.IndexOf('E', StringComparison.Ordinal);
        string mantissa = mark < 0 ? shortest : shortest[..mark];
        int exponent = mark < 0 ? 0 : int.Parse(shortest.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        // The value is 0.DIGITS times ten to the power of place.
        int place = (point < 0 ? mantissa.Length : point) + exponent;
        string digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        place -= digits.Length - digits.TrimStart('0').Length;
        return sign + Layout(digits.Trim('0'), place);
    }

    private static string Layout(string digits, int place)
    {
        if (place > 0 && place <= LargestPlainExponent)
            return digits.Length <= place ? digits.PadRight(place, '0') : $"{digits.AsSpan(0, place)}.{digits.AsSpan(place)}";
        if (place > SmallestPlainExponent && place <= 0) return $"0.{new string('0', -place)}{digits}";
        string fraction = digits.Length > 1 ? $".{digits.AsSpan(1)}" : "";
        int exponent = place - 1;
        return string.Create(CultureInfo.InvariantCulture, $"{digits[0]}{fraction}e{(exponent < 0 ? "" : "+")}{exponent}");
    }

    private static bool IsPlain(ReadOnlySpan<byte> json)
    {
        ReadOnlySpan<byte> digits = json[0] == '-' ? json[1..] : json;
        return digits.Length <= PlainDigits && !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9') && !json.SequenceEqual("-0"u8);
    }
}
