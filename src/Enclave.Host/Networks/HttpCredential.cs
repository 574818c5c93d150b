using System.Text;
using Enclave.Networks;
using Enclave.Secrets;

namespace Enclave;

/// <summary>
/// A secret that requests carry, and its place in them. It names the secret; the value comes from <see cref="EnclaveOptions.Secrets"/> for each call.
/// </summary>
public sealed record HttpCredential
{
    internal HttpCredential(CredentialLocation location, string name, string secret)
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
    internal static bool IsOwnInQuery(IEnumerable<HttpCredential> credentials, string name) => credentials.Any((credential) => credential.Location switch
    {
        CredentialLocation.Query => WireName.IsLike(name, credential.Name),
        CredentialLocation.Bearer => WireName.IsLike(name, "access_token"),
        _ => false,
    });

    /// <summary>True if a server may confuse a header with one of these: some gateways treat <c>_</c> and <c>-</c> as equal.</summary>
    internal static bool IsOwnHeader(IEnumerable<HttpCredential> credentials, string name) =>
        credentials.Any((credential) => credential.Location != CredentialLocation.Query && WireName.IsLike(name, credential.Name));

    /// <summary><c>Authorization: Bearer</c> and the secret.</summary>
    public static HttpCredential Bearer(string secret) => new(CredentialLocation.Bearer, RequestHeaders.Authorization, secret);

    /// <summary><c>Authorization: Basic</c> with the secret, which has the form <c>user:password</c>.</summary>
    public static HttpCredential Basic(string secret) => new(CredentialLocation.Basic, RequestHeaders.Authorization, secret);

    /// <summary>Another header, such as <c>X-Api-Key</c>.</summary>
    /// <exception cref="ArgumentException">The header is not one that a request may set.</exception>
    public static HttpCredential Header(string name, string secret)
    {
        if (!RequestHeaders.IsFree(name) && !RequestHeaders.IsAuthorization(name))
            throw new ArgumentException($"'{name}' is not a header that a request may set.", nameof(name));
        return new HttpCredential(CredentialLocation.Header, name, secret);
    }

    /// <summary>A query parameter. Addresses appear in many logs: prefer a header if the service accepts one.</summary>
    public static HttpCredential Query(string name, string secret)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new HttpCredential(CredentialLocation.Query, name, secret);
    }

    /// <summary>Adds the header that carries the secret.</summary>
    /// <param name="request">The request.</param>
    /// <param name="secret">The secret's value.</param>
    /// <exception cref="InvalidOperationException">The value cannot stand in a header.</exception>
    internal void AddTo(HttpRequestMessage request, string secret)
    {
        string value = Location switch
        {
            CredentialLocation.Bearer => $"Bearer {secret}",
            CredentialLocation.Basic => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(secret))}",
            _ => secret,
        };
        // Without the value, because this is logged.
        if (!RequestHeaders.IsValue(value)) throw new InvalidOperationException(
            $"the secret {Secret} cannot stand in a header: it is too long, or has other characters than visible ASCII and blanks");
        request.Headers.TryAddWithoutValidation(Name, value);
    }

    /// <summary>The query parameter that carries the secret, encoded.</summary>
    internal string InQuery(string secret) => $"{Uri.EscapeDataString(Name)}={Uri.EscapeDataString(secret)}";
}
