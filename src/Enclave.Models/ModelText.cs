using Enclave.Guard.Answers;

namespace Enclave;

/// <summary>Reads models' answers.</summary>
public static class ModelText
{
    /// <summary>
    /// Finds the program in a model's answer and makes a script of it (docs/models.md). For answers of models only: scripts of people run unchanged.
    /// </summary>
    /// <remarks>
    /// The program is the only fenced block that names JavaScript or TypeScript, or else the only
    /// block that names no language, or else the whole answer. If its
    /// code is in a function without parameters (<c>async function main() { … }</c> with or without a call, a function expression, <c>export default</c>,
    /// <c>module.exports</c>, a function that is called at once), the script runs that function.
    /// Nothing is run or checked. Time and memory are linear in the answer.
    /// </remarks>
    /// <param name="answer">The model's answer. Range: up to 10,485,760 characters; a longer one is refused.</param>
    /// <returns>The script, or the reason why there is none, in words for the model. It never throws.</returns>
    public static ModelProgram ExtractProgram(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ExtractedProgram found = AnswerText.Read(answer);
        return new ModelProgram
        {
            Source = found.Source,
            Refusal = found.Refusal,
            FirstLine = found.FirstLine,
            Language = found.IsTyped ? ScriptLanguage.TypeScript : ScriptLanguage.Either,
        };
    }
}
