using Enclave.Secrets;

namespace Enclave;

/// <summary>The secrets of one tool call: only those that its <see cref="ToolOptions.Secrets"/> name. They can be read by name, not listed.</summary>
public sealed class ToolSecrets
{
    private readonly Dictionary<string, string> _values;

    private readonly Func<string, CancellationToken, ValueTask<string>>? _find;
    private SecretMask? _mask;

    internal ToolSecrets(Dictionary<string, string> values, Func<string, CancellationToken, ValueTask<string>>? find = null) =>
        (_values, _find) = (values, find);

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
    internal SecretMask Mask => _mask ??= _values.Count == 0 ? SecretMask.Nothing : new SecretMask(_values.Values);

    /// <summary>The value of a secret, looked up now. From then on it is masked.</summary>
    /// <exception cref="ToolException">The secret is missing.</exception>
    internal async ValueTask<string> FindAsync(string name, CancellationToken token)
    {
        if (_find is null || _values.ContainsKey(name)) return this[name];
        string value = await _find(name, token).ConfigureAwait(false);
        (_values[name], _mask) = (value, null);
        return value;
    }

    /// <summary>Shows only their number, never a name or a value.</summary>
    public override string ToString() => _values.Count == 1 ? "1 secret" : $"{_values.Count} secrets";
}
