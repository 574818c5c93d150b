namespace Enclave;

/// <summary>An origin that scripts may ask, and how.</summary>
public sealed record FetchOrigin
{
    /// <summary>
    /// Scheme, host and port: <c>https://api.example.com</c>, <c>http://127.0.0.1:5000</c>. <c>https://*.example.com</c> stands for all hosts below
    /// example.com, and <c>https://*</c> for all; these must have public addresses.
    /// </summary>
    public required string Origin { get; init; }

    /// <summary>The methods that are allowed. Default: GET and HEAD. CONNECT, TRACE and TRACK are refused.</summary>
    public IReadOnlyCollection<string> Methods { get; init; } = ["GET", "HEAD"];

    /// <summary>The secret that requests carry. Scripts never see it. Not for origins with <c>*</c>. Default: null, none.</summary>
    public HttpCredential? Credential { get; init; }

    /// <summary>The tenants that may send requests to it, compared exactly. Runs without a tenant may not. Default: null, all.</summary>
    public IReadOnlyCollection<string>? AllowedTenants { get; init; }

    /// <summary>Largest body of its responses. Range: 1 to 64 MB. Default: null, <see cref="FetchOptions.MaxResponseBytes"/>.</summary>
    public long? MaxResponseBytes { get; init; }
}
