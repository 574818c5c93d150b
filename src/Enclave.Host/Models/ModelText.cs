using Enclave.Guard.Answers;

namespace Enclave;

/// <summary>Reads what models answer.</summary>
public static class ModelText
{
    /// <summary>Finds the program in a model's answer and makes a script of it (docs/models.md). For answers of models only: scripts that people wrote are run as they are.</summary>
    /// <remarks>
    /// The program is the one fenced block that names JavaScript or TypeScript, else the one block that names no language, else the whole answer. If its code
    /// is in a function that takes nothing (<c>async function main() { … }</c> with or without a call, a function expression, <c>export default</c>,
    /// <c>module.exports</c>, a function called on the spot), the script runs that function.
    /// Nothing is run or judged. Time and memory are in proportion to the answer.
    /// </remarks>
    /// <param name="answer">The model's answer. Range: up to 10,485,760 characters; a longer one is refused.</param>
    /// <returns>The script, or why there is none, in words for the model. No answer makes this throw.</returns>
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
