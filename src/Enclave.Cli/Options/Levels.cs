namespace Enclave.Cli.Options;

/// <summary>Security levels by name, ignoring case.</summary>
internal static class Levels
{
    public const string Form = "strict, secure, standard or permissive";

    public static IReadOnlyList<string> Names { get; } = ["strict", "secure", "standard", "permissive"];

    // Names only: Enum.TryParse would also accept numbers.
    public static bool TryParse(string text, out SecurityLevel level) =>
        Enum.TryParse(text, ignoreCase: true, out level) && char.IsAsciiLetter(text[0]);
}
