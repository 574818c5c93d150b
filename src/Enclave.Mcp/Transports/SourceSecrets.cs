using System.Text.RegularExpressions;
using Enclave.Secrets;

namespace Enclave.Mcp.Transports;

/// <summary>The secrets of one server, and what covers them in all that it says.</summary>
internal sealed partial class SourceSecrets(McpSourceOptions options)
{
    /// <summary>Values that are covered: a server may say the one before, too.</summary>
    private const int Kept = 32;

    private readonly Lock _gate = new();
    private readonly List<string> _values = [];
    private volatile SecretMask _mask = SecretMask.Nothing;

    public SecretMask Mask => _mask;

    /// <summary>The text with each secret in its place.</summary>
    /// <exception cref="McpSourceException">There is no such secret. The message names it.</exception>
    public async ValueTask<string> FillAsync(string text, CancellationToken token)
    {
        string filled = text;
        foreach (Match place in Place().Matches(text))
        {
            string name = place.Groups[1].Value;
            string? value = options.Secrets is null ? null : await options.Secrets.FindAsync(name, options.Tenant, token).ConfigureAwait(false);
            if (string.IsNullOrEmpty(value)) throw new McpSourceException($"the secret {name} of the MCP server {options.Name} is missing");
            Cover(value);
            filled = filled.Replace(place.Value, value, StringComparison.Ordinal);
        }

        return filled;
    }

    /// <summary>Covers one more value in all that the server says.</summary>
    public void Cover(string value)
    {
        lock (_gate)
        {
            if (_values.Contains(value)) return;
            if (_values.Count == Kept) _values.RemoveAt(0);
            _values.Add(value);
            _mask = new SecretMask(_values);
        }
    }

    [GeneratedRegex("\\{([A-Za-z0-9_][A-Za-z0-9_.-]{0,99})\\}", RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
