using Enclave.Secrets;

namespace Enclave;

/// <summary>The secrets of one call of a tool: those that its <see cref="ToolOptions.Secrets"/> name, and no others. They can be asked for, not listed.</summary>
public sealed class ToolSecrets
{
    internal const int MaxCharacters = 65_536;

    private readonly Dictionary<string, string> _values;

    internal ToolSecrets(Dictionary<string, string> values)
    {
        _values = values;
        Mask = values.Count == 0 ? SecretMask.Nothing : new SecretMask(values.Values);
    }

    /// <summary>The value of a secret. Never empty.</summary>
    /// <param name="name">As in <see cref="ToolOptions.Secrets"/>.</param>
    /// <exception cref="KeyNotFoundException">The tool does not name this secret.</exception>
    public string this[string name]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(name);
            return _values.TryGetValue(name, out string? value) ? value : throw new KeyNotFoundException($"the tool does not name the secret {name} in ToolOptions.Secrets");
        }
    }

    internal static ToolSecrets None { get; } = new([]);

    /// <summary>Takes the values out of what leaves the tool.</summary>
    internal SecretMask Mask { get; }

    /// <summary>How many there are; never a name or a value.</summary>
    public override string ToString() => _values.Count == 1 ? "1 secret" : $"{_values.Count} secrets";
}
