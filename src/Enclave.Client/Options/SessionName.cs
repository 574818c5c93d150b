namespace Enclave.Client.Options;

/// <summary>Names of sessions that can stand in an address.</summary>
internal static class SessionName
{
    private const int MaxLength = 256;

    public static bool IsUsable(string? id) => id is { Length: > 0 and <= MaxLength } && id is not ("." or "..") && id.All((character) => character is > ' ' and <= '~');

    public static void Require(string id, string parameter)
    {
        ArgumentNullException.ThrowIfNull(id, parameter);
        if (!IsUsable(id)) throw new ArgumentException($"a session's name has 1 to {MaxLength} printable ASCII characters", parameter);
    }
}
