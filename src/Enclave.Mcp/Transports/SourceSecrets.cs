using System.Text.RegularExpressions;
using Enclave.Secrets;

namespace Enclave.Mcp.Transports;

/// <summary>
/// The secrets of one server, and the mask that covers them in all of its data. Configured secrets are covered as long as the source lives. Secrets that
/// replace each other, such as tokens of a sign-in, are covered until many newer ones exist: a server may send an earlier one, and some stay valid.
/// </summary>
internal sealed partial class SourceSecrets(McpSourceOptions options)
{
    /// <summary>Renewed values that are covered: 20 days of two tokens that are renewed each hour. Both bounds are for the time of a search.</summary>
    private const int MaxRenewed = 1_000, MaxRenewedCharacters = 1_000_000;

    /// <summary>The key of the client's secret among the configured ones. No secret of a header or variable has an empty name.</summary>
    private const string ClientSecret = "";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _configured = new(StringComparer.Ordinal);
    private readonly RecentValues _renewed = new(MaxRenewed, MaxRenewedCharacters);
    // Null after a change: the next read makes a new mask.
    private volatile SecretMask? _mask = SecretMask.Nothing;

    public SecretMask Mask
    {
        get
        {
            if (_mask is { } made) return made;
            lock (_gate) return _mask ??= new SecretMask(_configured.Values.Concat(_renewed.Values));
        }
    }

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
            CoverConfigured(name, value);
            filled = filled.Replace(place.Value, value, StringComparison.Ordinal);
        }

        return filled;
    }

    /// <summary>Covers the client's secret of a sign-in.</summary>
    public void CoverClientSecret(string value) => CoverConfigured(ClientSecret, value);

    /// <summary>Covers a token, or another value that the next of its kind replaces.</summary>
    public void CoverRenewed(string value)
    {
        lock (_gate)
        {
            if (_renewed.Use(value)) _mask = null;
        }
    }

    private void CoverConfigured(string name, string value)
    {
        lock (_gate)
        {
            if (!_configured.TryGetValue(name, out string? earlier)) earlier = null;
            if (earlier == value) return;
            _configured[name] = value;
            if (earlier is not null) _renewed.Use(earlier);
            _mask = null;
        }
    }

    [GeneratedRegex("\\{([A-Za-z0-9_][A-Za-z0-9_.-]{0,99})\\}", RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
