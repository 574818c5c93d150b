namespace Enclave.Streaming;

/// <summary>The header <c>Authorization: Bearer</c>, as it is sent and as it is read.</summary>
internal static class BearerScheme
{
    /// <summary>The scheme's name.</summary>
    public const string Name = "Bearer";

    private const string Prefix = $"{Name} ";

    /// <summary>The value of the header that carries a token.</summary>
    public static string Of(string token) => Prefix + token;

    /// <summary>Reads the token of a header's value; false if it is of another scheme.</summary>
    public static bool TryRead(string? header, out ReadOnlySpan<char> token)
    {
        bool isBearer = header is not null && header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);
        token = isBearer ? header.AsSpan(Prefix.Length) : default;
        return isBearer;
    }
}
