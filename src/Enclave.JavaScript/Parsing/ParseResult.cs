using System.Diagnostics.CodeAnalysis;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>A tree, or the error that prevented it.</summary>
public sealed class ParseResult
{
    /// <summary>
    /// The tree; null if reading ended at an error. If all errors are <see cref="ParseErrorCode.NotErasable"/>, it is the rest of the program:
    /// it can be judged, but it is not what the author wrote.
    /// </summary>
    public Program? Program { get; internal init; }

    /// <summary>The first error in the text; null if there is none.</summary>
    public ParseError? Error => Errors.IsEmpty ? null : Errors[0];

    /// <summary>
    /// All errors that are known, in the order of the text: up to 100 of <see cref="ParseErrorCode.NotErasable"/>, and the one at which reading ended.
    /// </summary>
    public ImmutableArray<ParseError> Errors { get; internal init; } = [];

    /// <summary>The language of the text: JavaScript or TypeScript, also if either was allowed.</summary>
    public SourceLanguage Language { get; internal init; }

    /// <summary>The comments in the order of the text, if <see cref="Keep.Comments"/> is set.</summary>
    public ImmutableArray<Comment> Comments { get; internal init; } = [];

    /// <summary>The tokens in the order of the text, if <see cref="Keep.Tokens"/> is set.</summary>
    public ImmutableArray<Token> Tokens { get; internal init; } = [];

    /// <summary>True if there is no error.</summary>
    [MemberNotNullWhen(true, nameof(Program))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Success => Errors.IsEmpty && Program is not null;
}
