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
#pragma warning disable CA2263 // The generic method is compiled for each enum while the host starts. This one is compiled ahead.
        if (!Enum.IsDefined(typeof(T), value))
#pragma warning restore CA2263
            throw Fault(key, value.ToString(), string.Join(", ", Enum.GetNames<T>()));
    }

    public static ArgumentException Fault(string key, string value, string range) => new($"{key} is {value}; its range is {range}.", key);
}
