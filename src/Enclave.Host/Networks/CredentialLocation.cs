namespace Enclave.Networks;

/// <summary>The location of a secret in a request.</summary>
internal enum CredentialLocation
{
    /// <summary><c>Authorization: Bearer</c>.</summary>
    Bearer,

    /// <summary><c>Authorization: Basic</c>, with a secret of the form <c>user:password</c>.</summary>
    Basic,

    Header,
    Query,
}
