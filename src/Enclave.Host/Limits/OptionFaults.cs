using Microsoft.Extensions.Options;

namespace Enclave.Limits;

/// <summary>Collects what is wrong with options, one sentence for each: the option, its value and what was expected.</summary>
/// <param name="options">The name of the options in these sentences; null for the options of a host, whose names stand alone.</param>
internal sealed class OptionFaults(string? options = null)
{
    // Made with the first fault: the options of each run are checked.
    private List<string>? _sentences;

    public IReadOnlyList<string> Sentences => _sentences ?? [];

    /// <summary>The outcome for .NET's options.</summary>
    public ValidateOptionsResult Result => _sentences is null ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_sentences);

    /// <summary>The message of an exception without the name of a parameter, which .NET appends.</summary>
    public static string TextOf(Exception fault) => fault.Message.Split(" (Parameter '", 2)[0];

    /// <summary>Adds a whole sentence, once.</summary>
    public void Add(string sentence)
    {
        _sentences ??= [];
        if (!_sentences.Contains(sentence)) _sentences.Add(sentence);
    }

    /// <summary>Adds a fault.</summary>
    public void Add(string option, string value, string expected) => Add($"{Named(option)} is {value}; expected {expected}.");

    /// <summary>Adds a fault if a value is out of its range. The ends belong to the range.</summary>
    public void Range(string option, long? value, long least, long most, string? unit = null)
    {
        if (value < least || value > most) AddRange(option, $"{value}", $"{least} to {most}{(unit is null ? "" : $" ({unit})")}");
    }

    /// <summary>Adds a fault if a time is out of its range. The ends belong to the range.</summary>
    public void Range(string option, TimeSpan? value, TimeSpan least, TimeSpan most)
    {
        if (value < least || value > most) AddRange(option, $"{value:c}", $"{least:c} to {most:c}");
    }

    public void Defined<T>(string option, T value)
        where T : struct, Enum
    {
#pragma warning disable CA2263 // The generic method is compiled for each enum while the host starts. This one is compiled ahead.
        if (!Enum.IsDefined(typeof(T), value))
#pragma warning restore CA2263
            Add(option, value.ToString(), string.Join(", ", Enum.GetNames<T>()));
    }

    /// <exception cref="ArgumentException">There are faults. The message has all of them.</exception>
    public void Throw()
    {
        if (_sentences is not null) throw new ArgumentException(string.Join(' ', _sentences));
    }

    private void AddRange(string option, string value, string range) => Add($"{Named(option)} is {value}; its range is {range}.");

    private string Named(string option) => options is null ? option : $"{options}.{option}";
}
