using Microsoft.Extensions.Options;

namespace Enclave.Broker.Options;

/// <summary>What is wrong with options, a sentence each.</summary>
/// <param name="options">The options, as a sentence names them.</param>
internal sealed class OptionFaults(string options)
{
    private readonly List<string> _sentences = [];

    public IReadOnlyList<string> Sentences => _sentences;

    public ValidateOptionsResult Result => _sentences.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_sentences);

    public void Add(string sentence) => _sentences.Add(sentence);

    /// <summary>Adds a value that is out of its range, ends included.</summary>
    public void Range<T>(string option, T value, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0) Add($"{options}.{option} is {value}; its range is {least} to {most}.");
    }
}
