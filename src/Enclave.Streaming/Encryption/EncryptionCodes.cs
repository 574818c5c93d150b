namespace Enclave.Streaming;

/// <summary>The codes of encryption failures.</summary>
public static class EncryptionCodes
{
    /// <summary>A hello is invalid or cannot be answered.</summary>
    public const string HandshakeFailed = "ENCRYPTION_HANDSHAKE_FAILED";

    /// <summary>The handshake produced no keys.</summary>
    public const string KeyDerivationFailed = "ENCRYPTION_KEY_DERIVATION_FAILED";

    /// <summary>A message was changed, is for other keys, or is not a message.</summary>
    public const string DecryptionFailed = "ENCRYPTION_DECRYPTION_FAILED";

    /// <summary>A message came twice, or after a later one.</summary>
    public const string NonceReuse = "ENCRYPTION_NONCE_REUSE";

    /// <summary>The keys have encrypted their maximum number of messages.</summary>
    public const string KeyExpired = "ENCRYPTION_KEY_EXPIRED";

    /// <summary>The broker runs only encrypted sessions, and the request asks for no encryption.</summary>
    public const string Required = "ENCRYPTION_REQUIRED";

    /// <summary>Both sides have no algorithm in common.</summary>
    public const string UnsupportedAlgorithm = "ENCRYPTION_UNSUPPORTED_ALGORITHM";

    /// <summary>A public key is not a point of the curve.</summary>
    public const string InvalidPublicKey = "ENCRYPTION_INVALID_PUBLIC_KEY";

    /// <summary>A signature does not match.</summary>
    public const string SignatureVerificationFailed = "ENCRYPTION_SIGNATURE_VERIFICATION_FAILED";
}
