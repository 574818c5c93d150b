namespace Enclave.Streaming;

/// <summary>The codes of what goes wrong with encryption.</summary>
public static class EncryptionCodes
{
    /// <summary>A hello is not one, or cannot be answered.</summary>
    public const string HandshakeFailed = "ENCRYPTION_HANDSHAKE_FAILED";

    /// <summary>No keys came of the handshake.</summary>
    public const string KeyDerivationFailed = "ENCRYPTION_KEY_DERIVATION_FAILED";

    /// <summary>A message was changed, is meant for other keys, or is no message.</summary>
    public const string DecryptionFailed = "ENCRYPTION_DECRYPTION_FAILED";

    /// <summary>A message came twice, or behind a later one.</summary>
    public const string NonceReuse = "ENCRYPTION_NONCE_REUSE";

    /// <summary>The keys have done all the messages that they may.</summary>
    public const string KeyExpired = "ENCRYPTION_KEY_EXPIRED";

    /// <summary>The other side has no algorithm that this one has.</summary>
    public const string UnsupportedAlgorithm = "ENCRYPTION_UNSUPPORTED_ALGORITHM";

    /// <summary>A public key is no point of the curve.</summary>
    public const string InvalidPublicKey = "ENCRYPTION_INVALID_PUBLIC_KEY";

    /// <summary>A signature is not the one that was expected.</summary>
    public const string SignatureVerificationFailed = "ENCRYPTION_SIGNATURE_VERIFICATION_FAILED";
}
