using Enclave.Secrets;

namespace Enclave;

/// <summary>The secrets of one tool call: only those that its <see cref="ToolOptions.Secrets"/> name. They can be read by name, not listed.</summary>
public sealed class ToolSecrets
{
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
            return _values.TryGetValue(name, out string? value)
                ? value
                : throw new KeyNotFoundException($"the tool does not name the secret {name} in ToolOptions.Secrets");
        }
    }

    internal static ToolSecrets None { get; } = new([]);

    /// <summary>Masks the values in the tool's output.</summary>
    internal SecretMask Mask { get; }

    /// <summary>Shows only their number, never a name or a value.</summary>
    public override string ToString() => _values.Count == 1 ? "1 secret" : $"{_values.Count} secrets";
}
