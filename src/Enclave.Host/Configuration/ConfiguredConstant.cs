using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Enclave.Configuration;

/// <summary>A constant for scripts. Configuration knows text alone: what looks like a number or a truth value is one.</summary>
internal static class ConfiguredConstant
{
    public static object? Of(IConfigurationSection section)
    {
        IConfigurationSection[] children = [.. section.GetChildren()];
        if (children.Length == 0) return Scalar(section.Value);
        bool isList = children.Select((child) => child.Key).SequenceEqual(Enumerable.Range(0, children.Length).Select((index) => index.ToString(CultureInfo.InvariantCulture)));
        return isList ? children.Select(Of).ToArray() : children.ToDictionary((child) => child.Key, Of, StringComparer.Ordinal);
    }

    private static object? Scalar(string? text)
    {
        if (text is null) return null;
        if (bool.TryParse(text, out bool flag)) return flag;
        // Only what is written as numbers are: 007 is somebody's name.
        bool isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number.ToString("R", CultureInfo.InvariantCulture) == text && double.IsFinite(number);
        return isNumber ? number : text;
    }
}
