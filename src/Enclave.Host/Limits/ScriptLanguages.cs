using Enclave.JavaScript;

namespace Enclave.Limits;

/// <summary>The parser's name for each language.</summary>
internal static class ScriptLanguages
{
    public static SourceLanguage Reading(this ScriptLanguage language) => language switch
    {
        ScriptLanguage.JavaScript => SourceLanguage.JavaScript,
        ScriptLanguage.TypeScript => SourceLanguage.TypeScript,
        _ => SourceLanguage.Either,
    };

    public static SourceLanguage Of(RunOptions? options) => (options?.Language ?? ScriptLanguage.Either).Reading();
}
