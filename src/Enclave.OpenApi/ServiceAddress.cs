using Enclave.Schemas;

namespace Enclave.OpenApi;

/// <summary>The common beginning of a service's addresses. A script cannot change it.</summary>
internal sealed record ServiceAddress
{
    private ServiceAddress(string text) => Text = text;

    /// <summary>Scheme, host, port and path, without a slash at its end.</summary>
    public string Text { get; }

    /// <exception cref="OpenApiException">The address is not allowed.</exception>
    public static ServiceAddress Of(Uri address, bool allowHttp)
    {
        if (!address.IsAbsoluteUri || address.Scheme is not ("https" or "http"))
            throw new OpenApiException("the service's address does not begin with https://: name it (BaseAddress)");
        // Checked before the address appears in a message, because it may contain a name and a password.
        if (address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0)
            throw new OpenApiException("the service's address has more than a scheme, a host and a path");
        if (address.Scheme == "http" && !allowHttp)
            throw new OpenApiException($"the service's address {address} is without TLS: allow it (AllowHttp), or name another (BaseAddress)");
        return new ServiceAddress(address.GetLeftPart(UriPartial.Path).TrimEnd('/'));
    }

    /// <summary>The address of a request: this one, a path and a query, exactly as given.</summary>
    /// <param name="path">Encoded; begins with a slash.</param>
    /// <param name="query">Without its question mark, encoded; empty for none.</param>
    /// <returns>Null if a URL parser would read anything else.</returns>
    public Uri? With(string path, string query)
    {
        string text = query.Length == 0 ? Text + path : $"{Text}{path}?{query}";
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? whole)) return null;
        return whole.AbsoluteUri == text ? whole : null;
    }

    /// <summary>True if an address has the scheme, the host and the port of this one.</summary>
    public bool IsOf(Uri address) => address.GetLeftPart(UriPartial.Authority) == new Uri(Text).GetLeftPart(UriPartial.Authority);
}
