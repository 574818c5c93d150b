namespace Enclave.Streaming;

/// <summary>What a client asks of encryption.</summary>
public enum EncryptionMode
{
    /// <summary>None.</summary>
    Disabled,

    /// <summary>Encryption if the server can; else none.</summary>
    Optional,

    /// <summary>Encryption, or no session.</summary>
    Required,
}
