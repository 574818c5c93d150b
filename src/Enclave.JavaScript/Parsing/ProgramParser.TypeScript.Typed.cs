using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>
/// TypeScript. Types are checked for syntax and leave no trace: no node, and no effect on <see cref="TokenState.LastEnd"/>. So every node has the offsets
/// that it would have if each type were blanks.
/// </summary>
internal sealed partial class ProgramParser
{
    // Replaces a statement that consists of types only. Lists leave it out.
    private static readonly EmptyStatement s_erased = new(0, 0);

    private EmptyStatement Erased(StatementPlace place) => place <= StatementPlace.List ? s_erased : new EmptyStatement(Token.LastEnd, Token.LastEnd);

    /// <summary>Reads a token and drops it.</summary>
    private void Drop()
    {
        int end = Token.LastEnd;
        Next();
        Token.LastEnd = end;
    }

    private bool DropIf(TokenType type)
    {
        if (Token.Type != type) return false;
        Drop();
        return true;
    }

    /// <summary>Reads an optional colon and type.</summary>
    private void SkipAnnotation()
    {
        if (Token.Type != TokenType.Colon) return;
        int end = Token.LastEnd;
        Next();
        SkipType();
        Token.LastEnd = end;
    }

    /// <summary>Reads an optional colon and type or type predicate.</summary>
    private void SkipReturnAnnotation()
    {
        if (Token.Type != TokenType.Colon) return;
        int end = Token.LastEnd;
        Next();
        SkipReturnType();
        Token.LastEnd = end;
    }

    // let x!: T
    private void SkipVariableType()
    {
        if (Token.Type == TokenType.Not && !Token.NewlineBefore) Drop();
        SkipAnnotation();
    }

    /// <summary>True if the question mark marks a parameter as optional and does not begin a conditional.</summary>
    private bool MarksOptional()
    {
        int at = PeekToken(Token.Position, out _);
        return Peek(at) is ':' or ',' or ')' || (Peek(at) == '=' && Peek(at + 1) is not ('=' or '>'));
    }

    /// <summary>True if a word that is not reserved stands at an offset.</summary>
    private bool IsNameAt(int at)
    {
        if (!BeginsName(at)) return false;
        int end = WordEnd(at);
        return Peek(at) == '\\' || Names.Type(Names.Find(Source.AsSpan(at, end - at))) == TokenType.Identifier;
    }

    private int WordEnd(int at)
    {
        while (IsPartAt(at)) at += char.IsHighSurrogate(Peek(at)) && char.IsLowSurrogate(Peek(at + 1)) ? 2 : 1;
        return at;
    }

    private bool IsAnyWordAt(int at) => Peek(at) == '\\' || (at < Source.Length && Text.UnicodeIdentifier.IsStart(CodePointAt(at)));

    private bool IsWord => Token.Type is TokenType.Identifier or TokenType.EscapedReservedWord or TokenType.In or TokenType.InstanceOf or >= TokenType.Break;

    private void SkipWord()
    {
        if (IsWord) Next();
        else Unexpected("a name");
    }

    private void SkipName()
    {
        if (Token.Type == TokenType.Identifier) Next();
        else Unexpected("a name");
    }
}
