namespace Enclave.Client.Options;

/// <summary>Checks names of sessions that are used in addresses.</summary>
internal static class SessionName
{
    private const int MaxLength = 256;

    public static bool IsUsable(string? id) =>
        id is { Length: > 0 and <= MaxLength } && id is not ("." or "..") && id.All((character) => character is > ' ' and <= '~');

    public static void Require(string id, string parameter)
    {
        ArgumentNullException.ThrowIfNull(id, parameter);
        if (!IsUsable(id)) throw new ArgumentException($"a session's name must have 1 to {MaxLength} printable ASCII characters", parameter);
    }
}
