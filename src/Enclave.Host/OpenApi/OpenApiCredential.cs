using Enclave.OpenApi;
using Enclave.Secrets;

namespace Enclave;

/// <summary>
/// A secret that calls of a service carry, and its place in the request. It names the secret; the value
/// comes from <see cref="EnclaveOptions.Secrets"/> for each call.
/// </summary>
public sealed record OpenApiCredential
{
    internal OpenApiCredential(CredentialLocation location, string name, string secret)
    {
        if (!SecretName.IsName(secret)) throw new ArgumentException($"'{secret}' is not the name of a secret: a name is {SecretName.Form}.", nameof(secret));
        (Location, Name, Secret) = (location, name, secret);
    }

    /// <summary>The name of the secret.</summary>
    public string Secret { get; }

    /// <summary>The header or query parameter that carries it.</summary>
    internal string Name { get; }

    internal CredentialLocation Location { get; }

    /// <summary>
    /// True if a server may confuse a query parameter with one of these. A bearer token may also be sent as <c>access_token</c> (RFC 6750, 2.3).
    /// </summary>
    internal static bool IsOwnInQuery(IEnumerable<OpenApiCredential> credentials, string name) => credentials.Any((credential) => credential.Location switch
    {
        CredentialLocation.Query => WireName.IsLike(name, credential.Name),
        CredentialLocation.Bearer => WireName.IsLike(name, "access_token"),
        _ => false,
    });

    /// <summary>True if a server may confuse a header with one of these: some gateways treat <c>_</c> and <c>-</c> as equal.</summary>
    internal static bool IsOwnHeader(IEnumerable<OpenApiCredential> credentials, string name) =>
        credentials.Any((credential) => credential.Location != CredentialLocation.Query && WireName.IsLike(name, credential.Name));

    /// <summary><c>Authorization: Bearer</c> and the secret.</summary>
    public static OpenApiCredential Bearer(string secret) => new(CredentialLocation.Bearer, RequestHeaders.Authorization, secret);

    /// <summary><c>Authorization: Basic</c> with the secret, which has the form <c>user:password</c>.</summary>
    public static OpenApiCredential Basic(string secret) => new(CredentialLocation.Basic, RequestHeaders.Authorization, secret);

    /// <summary>Another header, such as <c>X-Api-Key</c>.</summary>
    /// <exception cref="ArgumentException">The header is not one that a request may set.</exception>
    public static OpenApiCredential Header(string name, string secret)
    {
        if (!RequestHeaders.IsFree(name) && !RequestHeaders.IsAuthorization(name))
            throw new ArgumentException($"'{name}' is not a header that a request may set.", nameof(name));
        return new OpenApiCredential(CredentialLocation.Header, name, secret);
    }

    /// <summary>A query parameter. Addresses appear in many logs: prefer a header if the service accepts one.</summary>
    public static OpenApiCredential Query(string name, string secret)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new OpenApiCredential(CredentialLocation.Query, name, secret);
    }
}
