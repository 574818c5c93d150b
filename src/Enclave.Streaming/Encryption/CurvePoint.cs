using System.Numerics;
using System.Security.Cryptography;

namespace Enclave.Streaming.Encryption;

/// <summary>Points of P-256 as they are sent: a 4, then both coordinates of 32 bytes.</summary>
internal static class CurvePoint
{
    public const int Bytes = 65;

    private const int CoordinateBytes = 32;
    private const byte Uncompressed = 4;
    private const int Base64Length = 88;

    private static readonly BigInteger s_prime = Number("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    private static readonly BigInteger s_b = Number("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");

    /// <exception cref="EncryptionException">It is not a point of the curve.</exception>
    public static ECPoint Read(string base64)
    {
        Span<byte> point = stackalloc byte[Bytes];
        bool isPoint = base64.Length == Base64Length
            && Convert.TryFromBase64String(base64, point, out int length) && length == Bytes && point[0] == Uncompressed;
        if (!isPoint) throw Invalid($"a public key must be {Bytes} bytes in base64, the first of them {Uncompressed}");
        ReadOnlySpan<byte> x = point.Slice(1, CoordinateBytes), y = point.Slice(1 + CoordinateBytes, CoordinateBytes);
        // A point of another curve would reveal the private key bit by bit, and not every system's library checks this.
        if (!IsOnCurve(Number(x), Number(y))) throw Invalid("a public key must be a point of the curve P-256");
        return new ECPoint { X = x.ToArray(), Y = y.ToArray() };
    }

    public static string Write(ECPoint point)
    {
        byte[] bytes = [Uncompressed, .. point.X!, .. point.Y!];
        return Convert.ToBase64String(bytes);
    }

    private static bool IsOnCurve(BigInteger x, BigInteger y) =>
        x < s_prime && y < s_prime && (BigInteger.ModPow(y, 2, s_prime) - BigInteger.ModPow(x, 3, s_prime) + 3 * x - s_b) % s_prime == 0;

    private static BigInteger Number(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    private static BigInteger Number(string hex) => Number(Convert.FromHexString(hex));

    private static EncryptionException Invalid(string message) => new(EncryptionCodes.InvalidPublicKey, message);
}
