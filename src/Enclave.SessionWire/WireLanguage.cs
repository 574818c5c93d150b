namespace Enclave.SessionWire;

/// <summary>The language of a session's script, by its name on the wire.</summary>
internal static class WireLanguage
{
    /// <summary>Why a name is refused.</summary>
    public const string Problem = "language must be javascript, typescript or either";

    /// <summary>Reads a name; null for none. Returns false for any other text.</summary>
    /// <param name="name"><c>javascript</c>, <c>typescript</c>, <c>either</c> or null.</param>
    /// <param name="language">The language; null for none.</param>
    public static bool TryParse(string? name, out ScriptLanguage? language)
    {
        language = name switch
        {
            "javascript" => ScriptLanguage.JavaScript,
            "typescript" => ScriptLanguage.TypeScript,
            "either" => ScriptLanguage.Either,
            _ => null,
        };
        return name is null || language is not null;
    }

    /// <summary>The name of a language; null for none.</summary>
    /// <param name="language">The language, or null.</param>
    public static string? Name(ScriptLanguage? language) => language switch
    {
        ScriptLanguage.JavaScript => "javascript",
        ScriptLanguage.TypeScript => "typescript",
        ScriptLanguage.Either => "either",
        _ => null,
    };
}
