using System.Globalization;
using Enclave.Outcomes;
using Enclave.Protocol;

namespace Enclave.Tools;

/// <summary>Reads how long a script wants to wait: milliseconds, or a number with a unit.</summary>
internal static class SleepTime
{
    /// <summary>The longest wait.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromDays(3660);

    /// <summary>The time of a value.</summary>
    /// <exception cref="ToolException">The value is not a time.</exception>
    public static TimeSpan Of(ScriptValue value, string what)
    {
        TimeSpan? time = value.Kind switch
        {
            ScriptValueKind.Number => Times(value.AsDouble(), TimeSpan.FromMilliseconds(1)),
            ScriptValueKind.String => Parse(value.AsString()),
            _ => null,
        };
        return time ?? throw ToolFault.Of(
            ToolCode.InvalidArguments, $"{what} takes milliseconds or a text like \"90s\", \"15m\", \"2h\", \"3d\" or \"1w\", at most ten years");
    }

    private static TimeSpan? Parse(string text)
    {
        int digits = text.TakeWhile((c) => char.IsAsciiDigit(c) || c == '.').Count();
        if (digits is 0 or > 20 || !double.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
            return null;
        TimeSpan? unit = text[digits..].Trim() switch
        {
            "ms" => TimeSpan.FromMilliseconds(1),
            "s" => TimeSpan.FromSeconds(1),
            "m" or "min" => TimeSpan.FromMinutes(1),
            "h" => TimeSpan.FromHours(1),
            "d" => TimeSpan.FromDays(1),
            "w" => TimeSpan.FromDays(7),
            _ => null,
        };
        return unit is null ? null : Times(number, unit.Value);
    }

    private static TimeSpan? Times(double number, TimeSpan unit)
    {
        double milliseconds = number * unit.TotalMilliseconds;
        return milliseconds >= 0 && milliseconds <= Longest.TotalMilliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;
    }
}
