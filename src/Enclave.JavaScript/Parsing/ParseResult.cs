using System.Diagnostics.CodeAnalysis;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>A tree, or the one error that kept it from being made.</summary>
public sealed class ParseResult
{
    /// <summary>The tree; null if there is an error.</summary>
    public Program? Program { get; internal init; }

    /// <summary>The first error in the text; null if there is a tree.</summary>
    public ParseError? Error { get; internal init; }

    /// <summary>The language that the text was read as: JavaScript or one of TypeScript's, even if either was asked for.</summary>
    public SourceLanguage Language { get; internal init; }

    /// <summary>The comments in the order of the text, if <see cref="Keep.Comments"/> was asked for.</summary>
    public ImmutableArray<Comment> Comments { get; internal init; } = [];

    /// <summary>The tokens in the order of the text, if <see cref="Keep.Tokens"/> was asked for.</summary>
    public ImmutableArray<Token> Tokens { get; internal init; } = [];

    /// <summary>Whether there is a tree.</summary>
    [MemberNotNullWhen(true, nameof(Program))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Success => Error is null;
}
