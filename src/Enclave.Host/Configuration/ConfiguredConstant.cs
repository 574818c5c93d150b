using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Enclave.Configuration;

/// <summary>A constant for scripts. Configuration has only text, so text that is written as a number or a boolean becomes one.</summary>
internal static class ConfiguredConstant
{
    public static object? Of(IConfigurationSection section)
    {
        IConfigurationSection[] children = [.. section.GetChildren()];
        if (children.Length == 0) return Scalar(section.Value);
        bool isList = children.Select((child) => child.Key)
            .SequenceEqual(Enumerable.Range(0, children.Length).Select((index) => index.ToString(CultureInfo.InvariantCulture)));
        return isList ? children.Select(Of).ToArray() : children.ToDictionary((child) => child.Key, Of, StringComparer.Ordinal);
    }

    private static object? Scalar(string? text)
    {
        if (text is null) return null;
        if (bool.TryParse(text, out bool flag)) return flag;
        // Only the usual notation counts: 007 stays text.
        bool isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && number.ToString("R", CultureInfo.InvariantCulture) == text && double.IsFinite(number);
        return isNumber ? number : text;
    }
}
