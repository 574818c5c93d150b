namespace Enclave.Cli.Options;

/// <summary>Languages of scripts, by name and by file extension.</summary>
internal static class Languages
{
    public const string Form = "either, javascript or typescript";

    public static IReadOnlyList<string> Names { get; } = ["either", "javascript", "typescript"];

    // Names only: Enum.TryParse would also accept numbers.
    public static bool TryParse(string text, out ScriptLanguage language) =>
        Enum.TryParse(text, ignoreCase: true, out language) && char.IsAsciiLetter(text[0]);

    /// <summary>The requested language, or the one of the file's extension.</summary>
    public static ScriptLanguage For(ScriptLanguage? asked, string file) => asked ?? (IsTyped(file) ? ScriptLanguage.TypeScript : ScriptLanguage.Either);

    private static bool IsTyped(string file) => file.EndsWith(".ts", StringComparison.Ordinal) || file.EndsWith(".mts", StringComparison.Ordinal);
}
