using System.Security.Cryptography.X509Certificates;

namespace Enclave.Runtime;

/// <summary>Who may connect to a runtime. Where both a secret and authorities are given, a peer needs both.</summary>
public sealed record RuntimeSecurityOptions
{
    /// <summary>What a peer sends as <c>Authorization: Bearer</c>. Range: 16 to 1024 printable ASCII characters. Default: null, none.</summary>
    /// <remarks>Without <see cref="ServerCertificate"/> it goes over the network as it is: keep the network to yourself then.</remarks>
    public string? SharedSecret { get; init; }

    /// <summary>The certificate, with its private key, that the runtime shows; it then speaks TLS. Default: null, none.</summary>
    public X509Certificate2? ServerCertificate { get; init; }

    /// <summary>Those whose certificates a peer may show; it then has to show one. Needs <see cref="ServerCertificate"/>. Default: null, no certificate is asked for.</summary>
    public X509Certificate2Collection? ClientAuthorities { get; init; }

    /// <summary>Origins whose pages may connect, for example <c>https://tools.example</c>. Default: none, every browser is refused.</summary>
    public IReadOnlyCollection<string> AllowedOrigins { get; init; } = [];

    // A record would print the secret.
    /// <inheritdoc/>
    public override string ToString() => nameof(RuntimeSecurityOptions);
}
