using Enclave.Networks;

namespace Enclave.Fetch;

/// <summary>Addresses that an operator's text stands for: one origin, or the hosts below a name.</summary>
internal sealed record FetchPattern
{
    public const string Form = "a scheme (https or http), a host and optionally a port, as https://api.example.com or https://*.example.com";

    private const string Wild = "://*", Placeholder = "placeholder";

    private FetchPattern(string scheme, string host, int port, bool isWild, string text) =>
        (Scheme, Host, Port, IsWild, Text) = (scheme, host, port, isWild, text);

    /// <summary>The host; of a pattern the end of its hosts with its dot, or empty for all.</summary>
    public string Host { get; }

    /// <summary>True for hosts that the operator did not write.</summary>
    public bool IsWild { get; }

    private string Scheme { get; }

    private int Port { get; }

    private string Text { get; }

    /// <summary>Null if it is malformed.</summary>
    public static FetchPattern? Read(string? text)
    {
        if (text is null) return null;
        bool isWild = text.Contains(Wild, StringComparison.Ordinal);
        string plain = isWild ? text.Replace(Wild, $"://{Placeholder}", StringComparison.Ordinal) : text;
        if (plain.Contains('*', StringComparison.Ordinal) || !Uri.TryCreate(plain, UriKind.Absolute, out Uri? address)) return null;
        if (address.Scheme is not ("https" or "http") || address.UserInfo.Length > 0 || address.PathAndQuery != "/" || address.Fragment.Length > 0) return null;
        string host = address.IdnHost;
        if (isWild) host = host[Placeholder.Length..];
        if (isWild && host.Length > 0 && (host[0] != '.' || host.Length == 1)) return null;
        return new FetchPattern(address.Scheme, host, address.Port, isWild, text.TrimEnd('/'));
    }

    public bool Fits(Uri address, NetworkReach reach)
    {
        if (address.Scheme != Scheme || address.Port != Port) return false;
        if (!IsWild) return address.IdnHost.Equals(Host, StringComparison.OrdinalIgnoreCase);
        // Numbers and names without a dot lead into the operator's own network.
        return address.HostNameType == UriHostNameType.Dns && address.IdnHost.Contains('.', StringComparison.Ordinal)
            && address.IdnHost.EndsWith(Host, StringComparison.OrdinalIgnoreCase) && reach.Refusal(address.IdnHost) is null;
    }

    public override string ToString() => Text;
}
