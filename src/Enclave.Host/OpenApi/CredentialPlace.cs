namespace Enclave.OpenApi;

/// <summary>Where a request carries a secret.</summary>
internal enum CredentialPlace
{
    /// <summary><c>Authorization: Bearer</c>.</summary>
    Bearer,

    /// <summary><c>Authorization: Basic</c>, of a secret that is <c>user:password</c>.</summary>
    Basic,

    Header,
    Query,
}
