namespace Enclave.Limits;

/// <summary>Checks ranges of options. Messages name the key, the value and the range.</summary>
internal static class OptionRange
{
    public static void Range(string key, long? value, long min, long max, string? unit = null)
    {
        if (value is { } given && (given < min || given > max)) throw Fault(key, given.ToString(), $"{min} to {max}{(unit is null ? "" : $" ({unit})")}");
    }

    public static void Time(string key, TimeSpan? value, TimeSpan min, TimeSpan max)
    {
        if (value is { } given && (given < min || given > max)) throw Fault(key, given.ToString("c"), $"{min:c} to {max:c}");
    }

    public static void Defined<T>(string key, T value)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value)) throw Fault(key, value.ToString(), string.Join(", ", Enum.GetNames<T>()));
    }

    public static ArgumentException Fault(string key, string value, string range) => new($"{key} is {value}; its range is {range}.", key);
}
