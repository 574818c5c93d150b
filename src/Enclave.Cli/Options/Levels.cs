namespace Enclave.Cli.Options;

/// <summary>Security levels by name, in any case.</summary>
internal static class Levels
{
    public const string Form = "strict, secure, standard or permissive";

    public static IReadOnlyList<string> Names { get; } = ["strict", "secure", "standard", "permissive"];

    // By name only: Enum.TryParse also takes numbers.
    public static bool TryParse(string text, out SecurityLevel level) =>
        Enum.TryParse(text, ignoreCase: true, out level) && char.IsAsciiLetter(text[0]);
}
