namespace Enclave.Lambda;

/// <summary>Reads the setting for the function's security level.</summary>
internal static class FunctionLevel
{
    /// <summary>The environment variable with the level's name.</summary>
    public const string Variable = "ENCLAVE_LEVEL";

    /// <summary>
    /// Lambda lacks three layers around the worker. At this level V8's optimising compilers are off,
    /// which had most of V8's holes. So there is less to attack inside.
    /// </summary>
    public const SecurityLevel Default = SecurityLevel.Secure;

    /// <param name="text">The variable's value; null or empty for the default.</param>
    /// <exception cref="FormatException">The text is not the name of a level.</exception>
    public static SecurityLevel Read(string? text)
    {
        if (string.IsNullOrEmpty(text)) return Default;
        // Accepts names only: a number as a level would be unreadable.
        foreach (SecurityLevel level in Enum.GetValues<SecurityLevel>())
        {
            if (level.ToString().Equals(text, StringComparison.OrdinalIgnoreCase)) return level;
        }

        throw new FormatException($"{Variable} is '{text}'; it has to be one of {string.Join(", ", Enum.GetNames<SecurityLevel>()).ToLowerInvariant()}.");
    }
}
