using System.Security.Cryptography;
using System.Text;
using Enclave.Streaming;
using Microsoft.AspNetCore.Http;

namespace Enclave.Runtime.Server;

/// <summary>Decides which requests may open a socket.</summary>
internal sealed class UpgradeGate
{
    private readonly byte[]? _secret;
    private readonly HashSet<string> _origins;

    public UpgradeGate(RuntimeSecurityOptions options)
    {
        _secret = options.SharedSecret is { } secret ? Hash(secret) : null;
        _origins = new HashSet<string>(options.AllowedOrigins, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Returns why a request is refused; null if it is accepted.</summary>
    public (int Status, string Code, string Message)? Refusal(HttpRequest request)
    {
        // Only browsers send an origin, and browsers let any page connect from the user's network.
        if (request.Headers.TryGetValue("Origin", out var origin) && !(origin.Count == 1 && _origins.Contains(origin[0]!)))
        {
            return (StatusCodes.Status403Forbidden, SessionCode.Forbidden, "this origin may not connect (AllowedOrigins)");
        }

        if (_secret is null || IsKnown(request.Headers.Authorization.ToString())) return null;
        return (StatusCodes.Status401Unauthorized, SessionCode.Unauthorized,
            "the runtime's shared secret is missing or wrong: send it as Authorization: Bearer");
    }

    private bool IsKnown(string authorization)
    {
        BearerScheme.TryRead(authorization, out ReadOnlySpan<char> token);
        // The hashes have the same length, so every comparison takes the same time.
        return CryptographicOperations.FixedTimeEquals(Hash(token.ToString()), _secret);
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
