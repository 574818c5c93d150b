using System.Security.Cryptography;

namespace Enclave.RabbitMq.Wire;

/// <summary>Random names of brokers, runtimes and attempts.</summary>
internal static class UnguessableName
{
    private const int Bytes = 16;

    public static string New() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>True if a text has the form of our names; others are never used in tables or routing keys.</summary>
    public static bool IsValid(string? text) => text is { Length: 2 * Bytes } && text.All((letter) => letter is (>= '0' and <= '9') or (>= 'a' and <= 'f'));
}
