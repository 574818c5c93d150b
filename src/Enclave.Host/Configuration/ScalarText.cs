using System.Globalization;

namespace Enclave.Configuration;

/// <summary>Parses single values: times with a unit, sizes with or without one, names of enumerations in any case.</summary>
internal static class ScalarText
{
    public static bool IsScalar(Type type) => type.IsEnum || type == typeof(string) || type == typeof(bool) || type == typeof(int) || type == typeof(long)
        || type == typeof(double) || type == typeof(TimeSpan) || type == typeof(Uri);

    /// <summary>Reads a value. Returns null, or a message with the text and the expected form.</summary>
    public static string? Read(string text, Type type, out object? value)
    {
        text = text.Trim();
        value = type == typeof(string) ? text : null;
        if (type.IsEnum) value = Enumeration(text, type);
        else if (type == typeof(bool)) value = bool.TryParse(text, out bool flag) ? flag : null;
        else if (type == typeof(int)) value = TryCount(text, out long count) && count is >= int.MinValue and <= int.MaxValue ? (int)count : null;
        else if (type == typeof(long)) value = TryCount(text, out long size) ? size : null;
        else if (type == typeof(double)) value = double.TryParse(text, CultureInfo.InvariantCulture, out double number) ? number : null;
        else if (type == typeof(TimeSpan)) value = Time(text);
        else if (type == typeof(Uri)) value = Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) ? uri : null;
        return value is null ? $"'{text}'; it has to be {Form(type)}" : null;
    }

    private static string Form(Type type)
    {
        if (type.IsEnum) return $"one of {string.Join(", ", Enum.GetNames(type))}";
        if (type == typeof(bool)) return "true or false";
        if (type == typeof(TimeSpan)) return $"{Durations.Form}, or 00:00:05";
        if (type == typeof(Uri)) return "an absolute URL";
        if (type == typeof(string)) return "text";
        return type == typeof(double) ? "a number" : $"a whole number, or {ByteSizes.Form}";
    }

    /// <summary>Accepts names only: numbers would be unreadable, or no member at all.</summary>
    private static object? Enumeration(string text, Type type)
    {
        bool isNumber = text.Length == 0 || char.IsAsciiDigit(text[0]) || text[0] is '-' or '+';
        return !isNumber && Enum.TryParse(type, text.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out object? member) ? member : null;
    }

    private static bool TryCount(string text, out long count)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out count)) return true;
        // A letter at the end: without a unit only whole numbers are sizes.
        return text.Length > 1 && char.IsAsciiLetter(text[^1]) && ByteSizes.TryParse(text, 1, out count);
    }

    /// <summary>Refuses a number without a unit: one reader would take it for days, another for seconds.</summary>
    private static TimeSpan? Time(string text)
    {
        if (text.Contains(':', StringComparison.Ordinal))
            return TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out TimeSpan exact) ? exact : null;
        return text.Length > 1 && char.IsAsciiLetter(text[^1]) && Durations.TryParse(text, 1, out TimeSpan time) ? time : null;
    }
}
