using System.Diagnostics.CodeAnalysis;
using Enclave.Guard.Answers;

namespace Enclave.Models;

/// <summary>
/// The argument of a function that runs code. Models write their whole answer there: a fenced block, prose around it, a function that is never called.
/// </summary>
internal sealed record CodeArgument
{
    private CodeArgument()
    {
    }

    /// <summary>The script, in the lines in which the model wrote it. Null if the argument has none.</summary>
    public string? Source { get; private init; }

    /// <summary>The language that the block names. <see cref="ScriptLanguage.Either"/> unless it names TypeScript.</summary>
    public ScriptLanguage Language { get; private init; }

    /// <summary>Why there is no script, with what to send instead. Null if there is one.</summary>
    public ExecutionError? Error { get; private init; }

    /// <summary>True if there is a script. The guard may still refuse it.</summary>
    [MemberNotNullWhen(true, nameof(Source))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Success => Source is not null;

    /// <summary>
    /// Finds the script as <see cref="ModelText.ExtractProgram"/> does. A text without a fence that does not parse is passed on unchanged, unless it is prose:
    /// the guard then reports the line.
    /// </summary>
    /// <param name="code">The text of the model. Range: up to 10,485,760 characters; a longer one is an error.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="OperationCanceledException">The token is cancelled.</exception>
    public static CodeArgument Read(string code, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(code);
        ExtractedProgram found = AnswerText.Read(code, cancellationToken);
        if (found.Source is { } source)
        {
            return new CodeArgument
            {
                Source = new string('\n', found.FirstLine - 1) + source,
                Language = found.IsTyped ? ScriptLanguage.TypeScript : ScriptLanguage.Either,
            };
        }

        // For a text in another language the guard has a better message, but not for prose.
        return found.IsProgram || AnswerWraps.IsAllProse(code) ? new CodeArgument { Error = ErrorOf(found.Refusal!) } : new CodeArgument { Source = code };
    }

    /// <summary>The options for a script of a model, with the language that the block names unless they ask for a language themselves.</summary>
    public RunOptions ApplyTo(RunOptions run)
    {
        ArgumentNullException.ThrowIfNull(run);
        run = RunOptions.OfModel(run);
        return run.Language == ScriptLanguage.Either ? run with { Language = Language } : run;
    }

    private static ExecutionError ErrorOf(string refusal) =>
        new() { Code = ErrorCode.ValidationError, Name = ErrorCode.ValidationError.ToCode(), Message = refusal };
}
