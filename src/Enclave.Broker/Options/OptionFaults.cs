using Microsoft.Extensions.Options;

namespace Enclave.Broker.Options;

/// <summary>Collects the faults of options, one sentence each.</summary>
/// <param name="options">The name of the options in these sentences.</param>
public sealed class OptionFaults(string options)
{
    private readonly List<string> _sentences = [];

    /// <summary>The faults found so far.</summary>
    public IReadOnlyList<string> Sentences => _sentences;

    /// <summary>The outcome for the framework.</summary>
    public ValidateOptionsResult Result => _sentences.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_sentences);

    /// <summary>Adds a fault, as one sentence.</summary>
    public void Add(string sentence) => _sentences.Add(sentence);

    /// <summary>Adds a fault if a value is out of its range. The ends belong to the range.</summary>
    public void Range<T>(string option, T value, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0) Add($"{options}.{option} is {value}; its range is {least} to {most}.");
    }
}
