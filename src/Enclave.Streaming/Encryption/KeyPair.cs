using System.Security.Cryptography;

namespace Enclave.Streaming.Encryption;

/// <summary>The key of one side of one handshake.</summary>
internal sealed class KeyPair : IDisposable
{
    private readonly ECDiffieHellman _key;

    private KeyPair(ECDiffieHellman key) => _key = key;

    public string PublicKeyB64 => CurvePoint.Write(_key.ExportParameters(includePrivateParameters: false).Q);

    public static KeyPair Generate() => new(ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256));

    public static KeyPair FromPkcs8(ReadOnlySpan<byte> privateKey)
    {
        ECDiffieHellman key = ECDiffieHellman.Create();
        key.ImportPkcs8PrivateKey(privateKey, out _);
        return new KeyPair(key);
    }

    /// <summary>The secret that only both sides know: the x-coordinate of the shared point. The caller clears it.</summary>
    /// <exception cref="EncryptionException">The other side's key is invalid.</exception>
    public byte[] SharedSecret(string peerPublicKeyB64)
    {
        var parameters = new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = CurvePoint.Read(peerPublicKeyB64) };
        try
        {
            using var peer = ECDiffieHellman.Create(parameters);
            using ECDiffieHellmanPublicKey publicKey = peer.PublicKey;
            return _key.DeriveRawSecretAgreement(publicKey);
        }
        catch (CryptographicException error)
        {
            throw new EncryptionException(EncryptionCodes.KeyDerivationFailed, "the two public keys have no shared secret", error);
        }
    }

    public void Dispose() => _key.Dispose();
}
