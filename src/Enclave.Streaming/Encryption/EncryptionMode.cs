namespace Enclave.Streaming;

/// <summary>Whether a client wants encryption.</summary>
public enum EncryptionMode
{
    /// <summary>No encryption.</summary>
    Disabled,

    /// <summary>Encryption if the server supports it; otherwise none.</summary>
    Optional,

    /// <summary>Encryption, or no session.</summary>
    Required,
}
