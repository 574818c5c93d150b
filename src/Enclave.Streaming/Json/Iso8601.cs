using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Enclave.Streaming.Json;

/// <summary>Times of the protocol: with seconds, any number of fraction digits, and a Z.</summary>
internal static class Iso8601
{
    private const string WholeSeconds = "yyyy-MM-ddTHH:mm:ss";
    private const int WholeSecondsLength = 19;

    /// <summary>Reads a time. Digits beyond 100 ns are cut off.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out DateTimeOffset? time)
    {
        time = null;
        if (text.Length <= WholeSecondsLength || text[^1] != 'Z') return false;
        if (!DateTime.TryParseExact(text.AsSpan(0, WholeSecondsLength),
            WholeSeconds, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTime whole)) return false;
        ReadOnlySpan<char> fraction = text.AsSpan(WholeSecondsLength, text.Length - WholeSecondsLength - 1);
        if (!TryTicks(fraction, out long ticks)) return false;
        time = new DateTimeOffset(whole).AddTicks(ticks);
        return true;
    }

    private static bool TryTicks(ReadOnlySpan<char> fraction, out long ticks)
    {
        ticks = 0;
        if (fraction.IsEmpty) return true;
        if (fraction[0] != '.' || fraction.Length == 1) return false;
        long unit = TimeSpan.TicksPerSecond;
        foreach (char digit in fraction[1..])
        {
            if (!char.IsAsciiDigit(digit)) return false;
            unit /= 10;
            ticks += unit * (digit - '0');
        }

        return true;
    }
}
