using Enclave.Guard;

namespace Enclave.Cli.Scripts;

/// <summary>A file with a model's answer, for <c>--from-model</c>.</summary>
/// <param name="Source">The script, in the lines in which it stands in the file; the whole file if there is none.</param>
/// <param name="Language">The language that the block declares.</param>
/// <param name="Refusal">Why there is no script; null if there is one.</param>
internal sealed record ModelAnswer(string Source, ScriptLanguage Language, GuardIssue? Refusal)
{
    public static ModelAnswer Read(string text)
    {
        ModelProgram program = ModelText.ExtractProgram(text);
        return program.Success
            ? new ModelAnswer(new string('\n', program.FirstLine - 1) + program.Source, program.Language, null)
            : new ModelAnswer(text, ScriptLanguage.Either, new GuardIssue("model-text", "NO_PROGRAM", program.Refusal, IssueSeverity.Error));
    }

    /// <summary>The language asked for, or the one that the block names.</summary>
    public ScriptLanguage LanguageOr(ScriptLanguage asked) => asked == ScriptLanguage.Either ? Language : asked;
}
