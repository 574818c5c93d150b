using Enclave.Secrets;
using Enclave.Tools;

namespace Enclave;

/// <summary>The secrets of one call of a tool: those that its <see cref="ToolOptions.Secrets"/> name, and no others. They can be asked for, not listed.</summary>
public sealed class ToolSecrets
{
    internal const int MaxCharacters = 65_536;

    private readonly Dictionary<string, string> _values;

    private ToolSecrets(Dictionary<string, string> values)
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

    /// <summary>The secrets of a call.</summary>
    /// <exception cref="ToolException">One of them is not there.</exception>
    internal static async ValueTask<ToolSecrets> FindAsync(ToolDefinition tool, ISecretSource? source, string? tenant, CancellationToken token)
    {
        if (tool.Options.Secrets.Count == 0) return None;
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string name in tool.Options.Secrets)
        {
            string? value = source is null ? null : await source.FindAsync(name, tenant, token).ConfigureAwait(false);
            if (string.IsNullOrEmpty(value)) throw ToolFault.SecretMissing(tool.Name, name);
            if (value.Length > MaxCharacters) throw new InvalidDataException($"the secret {name} has {value.Length} characters; at most {MaxCharacters} are taken");
            values[name] = value;
        }

        return new ToolSecrets(values);
    }
}
