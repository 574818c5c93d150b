using Enclave.Schemas;

namespace Enclave.OpenApi;

/// <summary>What all addresses of a service begin with. Nothing that a script gives can change it.</summary>
internal sealed record ServiceAddress
{
    private ServiceAddress(string text) => Text = text;

    /// <summary>Scheme, host, port and path, without a slash at its end.</summary>
    public string Text { get; }

    /// <exception cref="OpenApiException">It is none that may be called.</exception>
    public static ServiceAddress Of(Uri address, bool allowHttp)
    {
        if (!address.IsAbsoluteUri || address.Scheme is not ("https" or "http")) throw new OpenApiException("the service's address does not begin with https://: name it (BaseAddress)");
        // Before the address is told: a name and a password may stand in it.
        if (address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0) throw new OpenApiException("the service's address has more than a scheme, a host and a path");
        if (address.Scheme == "http" && !allowHttp) throw new OpenApiException($"the service's address {address} is without TLS: allow it (AllowHttp), or name another (BaseAddress)");
        return new ServiceAddress(address.GetLeftPart(UriPartial.Path).TrimEnd('/'));
    }

    /// <summary>The address of a request: this one, a path and a query, exactly as they are given.</summary>
    /// <param name="path">Begins with a slash, encoded.</param>
    /// <param name="query">Without its question mark, encoded; empty for none.</param>
    /// <returns>Null where a reader of addresses would understand anything else.</returns>
    public Uri? With(string path, string query)
    {
        string text = query.Length == 0 ? Text + path : $"{Text}{path}?{query}";
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? whole)) return null;
        return whole.AbsoluteUri == text ? whole : null;
    }

    /// <summary>True if an address has the scheme, the host and the port of this one.</summary>
    public bool IsOf(Uri address) => address.GetLeftPart(UriPartial.Authority) == new Uri(Text).GetLeftPart(UriPartial.Authority);
}
