using System.Diagnostics.CodeAnalysis;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>A tree, or the error that prevented it.</summary>
public sealed class ParseResult
{
    /// <summary>The tree; null if there is an error.</summary>
    public Program? Program { get; internal init; }

    /// <summary>The first error in the text; null if there is a tree.</summary>
    public ParseError? Error { get; internal init; }

    /// <summary>The language of the text: JavaScript or TypeScript, also if either was allowed.</summary>
    public SourceLanguage Language { get; internal init; }

    /// <summary>The comments in the order of the text, if <see cref="Keep.Comments"/> is set.</summary>
    public ImmutableArray<Comment> Comments { get; internal init; } = [];

    /// <summary>The tokens in the order of the text, if <see cref="Keep.Tokens"/> is set.</summary>
    public ImmutableArray<Token> Tokens { get; internal init; } = [];

    /// <summary>True if there is a tree.</summary>
    [MemberNotNullWhen(true, nameof(Program))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Success => Error is null;
}
