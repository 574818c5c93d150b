namespace Enclave.Lambda;

/// <summary>The level at which the function runs scripts: one of its settings.</summary>
internal static class FunctionLevel
{
    /// <summary>The environment variable that names it.</summary>
    public const string Variable = "ENCLAVE_LEVEL";

    /// <summary>Three layers around the worker are missing in Lambda. V8's optimising compilers, where most of its holes were, are off at this level: there is less to attack inside instead.</summary>
    public const SecurityLevel Default = SecurityLevel.Secure;

    /// <param name="text">The variable's value; null or empty for the default.</param>
    /// <exception cref="FormatException">It names no level.</exception>
    public static SecurityLevel Read(string? text)
    {
        if (string.IsNullOrEmpty(text)) return Default;
        // By name alone: a number would be a level that nobody can read.
        foreach (SecurityLevel level in Enum.GetValues<SecurityLevel>())
        {
            if (level.ToString().Equals(text, StringComparison.OrdinalIgnoreCase)) return level;
        }

        throw new FormatException($"{Variable} is '{text}'; it has to be one of {string.Join(", ", Enum.GetNames<SecurityLevel>()).ToLowerInvariant()}.");
    }
}
