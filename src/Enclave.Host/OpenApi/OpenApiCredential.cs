using Enclave.OpenApi;
using Enclave.Secrets;

namespace Enclave;

/// <summary>A secret that calls of a service carry, and where. It names the secret; the value comes from <see cref="EnclaveOptions.Secrets"/>, for each call.</summary>
public sealed record OpenApiCredential
{
    internal OpenApiCredential(CredentialPlace place, string name, string secret)
    {
        if (!SecretName.IsName(secret)) throw new ArgumentException($"'{secret}' is no name of a secret: it is {SecretName.Form}.", nameof(secret));
        (Place, Name, Secret) = (place, name, secret);
    }

    /// <summary>The name of the secret.</summary>
    public string Secret { get; }

    /// <summary>The header or the query parameter that carries it.</summary>
    internal string Name { get; }

    internal CredentialPlace Place { get; }

    /// <summary>
    /// True if a server may take a parameter of the query for one of these. A bearer token may stand there as <c>access_token</c> (RFC 6750, 2.3).
    /// </summary>
    internal static bool IsOwnInQuery(IEnumerable<OpenApiCredential> credentials, string name) => credentials.Any((credential) => credential.Place switch
    {
        CredentialPlace.Query => WireName.IsLike(name, credential.Name),
        CredentialPlace.Bearer => WireName.IsLike(name, "access_token"),
        _ => false,
    });

    /// <summary>True if a server may take a header for one of these: behind a gateway of another language <c>_</c> and <c>-</c> are one.</summary>
    internal static bool IsOwnHeader(IEnumerable<OpenApiCredential> credentials, string name) =>
        credentials.Any((credential) => credential.Place != CredentialPlace.Query && WireName.IsLike(name, credential.Name));

    /// <summary><c>Authorization: Bearer</c> and the secret.</summary>
    public static OpenApiCredential Bearer(string secret) => new(CredentialPlace.Bearer, RequestHeaders.Authorization, secret);

    /// <summary><c>Authorization: Basic</c> and the secret, which is <c>user:password</c>.</summary>
    public static OpenApiCredential Basic(string secret) => new(CredentialPlace.Basic, RequestHeaders.Authorization, secret);

    /// <summary>A header of its own, as <c>X-Api-Key</c>.</summary>
    /// <exception cref="ArgumentException">It is no header that a request may set.</exception>
    public static OpenApiCredential Header(string name, string secret)
    {
        if (!RequestHeaders.IsFree(name) && !RequestHeaders.IsAuthorization(name)) throw new ArgumentException($"'{name}' is no header that a request may set.", nameof(name));
        return new OpenApiCredential(CredentialPlace.Header, name, secret);
    }

    /// <summary>A parameter of the address. Addresses stand in many logs: prefer a header where the service takes one.</summary>
    public static OpenApiCredential Query(string name, string secret)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new OpenApiCredential(CredentialPlace.Query, name, secret);
    }
}
