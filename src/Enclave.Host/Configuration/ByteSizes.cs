using System.Globalization;

namespace Enclave.Configuration;

/// <summary>Parses sizes: <c>512KB</c>, <c>64MB</c>, <c>1GB</c>, in powers of 1024. A number without a unit has the unit of its option.</summary>
internal static class ByteSizes
{
    /// <summary>The form for messages to people.</summary>
    public const string Form = "a size like 64MB or 1GB";

    private static readonly (string Suffix, double Bytes)[] s_units =
        [("KB", 1 << 10), ("MB", 1 << 20), ("GB", 1 << 30), ("K", 1 << 10), ("M", 1 << 20), ("G", 1 << 30)];

    /// <summary>Reads a size. Returns false if the text is not a size.</summary>
    /// <param name="text">The text.</param>
    /// <param name="bareUnitBytes">The unit of a number without one, in bytes.</param>
    /// <param name="bytes">The size, at most 1 PB.</param>
    public static bool TryParse(string text, long bareUnitBytes, out long bytes)
    {
        (string Suffix, double Bytes) unit = ("", bareUnitBytes);
        foreach ((string Suffix, double Bytes) candidate in s_units)
        {
            if (!text.EndsWith(candidate.Suffix, StringComparison.OrdinalIgnoreCase)) continue;
            unit = candidate;
            break;
        }

        bytes = 0;
        if (!double.TryParse(text.AsSpan(0, text.Length - unit.Suffix.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count))
            return false;
        bytes = (long)Math.Min(count * unit.Bytes, 1L << 50);
        return true;
    }
}
