using System.Security.Cryptography;

namespace Enclave.RabbitMq.Wire;

/// <summary>Random names of brokers, runtimes and attempts.</summary>
internal static class UnguessableName
{
    private const int Bytes = 16;

    public static string New() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Whether it is a name of ours; others are in no table and no routing key.</summary>
    public static bool IsOne(string? text) => text is { Length: 2 * Bytes } && text.All((letter) => letter is (>= '0' and <= '9') or (>= 'a' and <= 'f'));
}
