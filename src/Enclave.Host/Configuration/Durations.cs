using System.Globalization;

namespace Enclave.Configuration;

/// <summary>Parses times: <c>500ms</c>, <c>5s</c>, <c>2m</c>, <c>1h</c>, <c>7d</c>. A number without a unit has the unit of its option.</summary>
internal static class Durations
{
    /// <summary>The form for messages to people.</summary>
    public const string Form = "a time like 500ms, 5s or 2m";

    // The longest suffix first: "ms" also ends in "s".
    private static readonly (string Suffix, double Milliseconds)[] s_units = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

    /// <summary>Reads a time. Returns false if the text is not a time.</summary>
    /// <param name="text">The text.</param>
    /// <param name="bareUnitMilliseconds">The unit of a number without one, in milliseconds.</param>
    /// <param name="time">The time, at most a year.</param>
    public static bool TryParse(string text, double bareUnitMilliseconds, out TimeSpan time)
    {
        (string Suffix, double Milliseconds) unit = ("", bareUnitMilliseconds);
        foreach ((string Suffix, double Milliseconds) candidate in s_units)
        {
            if (!text.EndsWith(candidate.Suffix, StringComparison.OrdinalIgnoreCase)) continue;
            unit = candidate;
            break;
        }

        time = default;
        if (!double.TryParse(text.AsSpan(0, text.Length - unit.Suffix.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count))
            return false;
        // No limit accepts more than a year, and TimeSpan has a maximum.
        double milliseconds = Math.Min(count * unit.Milliseconds, TimeSpan.FromDays(365).TotalMilliseconds);
        time = TimeSpan.FromMilliseconds(milliseconds);
        return true;
    }
}
