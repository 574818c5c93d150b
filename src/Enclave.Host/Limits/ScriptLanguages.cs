using Enclave.JavaScript;

namespace Enclave.Limits;

/// <summary>Maps languages to the parser's.</summary>
internal static class ScriptLanguages
{
    /// <summary>Returns the parser's name for the language.</summary>
    public static SourceLanguage Reading(this ScriptLanguage language) => language switch
    {
        ScriptLanguage.JavaScript => SourceLanguage.JavaScript,
        ScriptLanguage.TypeScript => SourceLanguage.TypeScript,
        _ => SourceLanguage.Either,
    };

    internal static SourceLanguage Of(RunOptions? options) => (options?.Language ?? ScriptLanguage.Either).Reading();
}
