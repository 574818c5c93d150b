using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Enclave.Runtime;

/// <summary>Access control of a runtime. If both a secret and authorities are set, a peer needs both.</summary>
public sealed record RuntimeSecurityOptions
{
    /// <summary>The secret that a peer must send as <c>Authorization: Bearer</c>. Range: 16 to 1024 printable ASCII characters. Default: null, none.</summary>
    /// <remarks>Without <see cref="ServerCertificate"/> it is sent unencrypted: use a private network then.</remarks>
    public string? SharedSecret { get; init; }

    /// <summary>The runtime's certificate with its private key; it then uses TLS. Default: null, none.</summary>
    public X509Certificate2? ServerCertificate { get; init; }

    /// <summary>Returns the options of a TLS handshake, called for each; null to use <see cref="ServerCertificate"/>.</summary>
    internal Func<SslServerAuthenticationOptions>? Handshake { get; init; }

    /// <summary>True if the runtime uses TLS.</summary>
    internal bool IsEncrypted => ServerCertificate is not null || Handshake is not null;

    /// <summary>
    /// The authorities whose certificates peers must present. Needs <see cref="ServerCertificate"/>. Default: null, no client certificate is required.
    /// </summary>
    public X509Certificate2Collection? ClientAuthorities { get; init; }

    /// <summary>Web origins whose pages may connect, for example <c>https://tools.example</c>. Default: none, every browser is refused.</summary>
    public IReadOnlyCollection<string> AllowedOrigins { get; init; } = [];

    // The generated text of a record would contain the secret.
    /// <inheritdoc/>
    public override string ToString() => nameof(RuntimeSecurityOptions);
}
