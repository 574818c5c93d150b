using System.Runtime.CompilerServices;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Operations on tokens, and the messages for unexpected ones.</summary>
internal sealed partial class ProgramParser
{
    public bool Is(int knownName) => Token.Type == TokenType.Identifier && Token.Name == knownName && !Token.HasEscape;

    public bool Eat(TokenType type)
    {
        if (Token.Type != type) return false;
        Next();
        return true;
    }

    public bool Eat(int knownName)
    {
        if (!Is(knownName)) return false;
        Next();
        return true;
    }

    public void Expect(TokenType type)
    {
        if (Token.Type == type) Next();
        else Unexpected(TokenNames.Quoted(type));
    }

    public void Expect(int knownName)
    {
        if (!Eat(knownName)) Unexpected($"'{Names.Text(knownName)}'");
    }

    /// <summary>Reads a token and drops it.</summary>
    public void Drop()
    {
        int end = Token.LastEnd;
        Next();
        Token.LastEnd = end;
    }

    public bool DropIf(TokenType type)
    {
        if (Token.Type != type) return false;
        Drop();
        return true;
    }

    private bool IsWord => Token.Type is TokenType.Identifier or TokenType.EscapedReservedWord or TokenType.In or TokenType.InstanceOf or >= TokenType.Break;

    public void SkipWord()
    {
        if (IsWord) Next();
        else Unexpected("a name");
    }

    public void SkipName()
    {
        if (Token.Type == TokenType.Identifier) Next();
        else Unexpected("a name");
    }

    /// <summary>Reads the comma between two elements of a list, unless the list ends here.</summary>
    public void Separate(TokenType close)
    {
        if (Token.Type == TokenType.Comma) Next();
        else if (Token.Type != close) Unexpected($"',' or {TokenNames.Quoted(close)}");
    }

    /// <summary>True if a statement may end here without a semicolon (ECMA-262 12.10).</summary>
    public bool CanEndStatement => Token.NewlineBefore || Token.Type is TokenType.RightBrace or TokenType.End;

    public void Semicolon()
    {
        if (Token.Type == TokenType.Semicolon) Next();
        else if (!CanEndStatement) MissingSemicolon();
    }

    // The likeliest reason helps more than the unexpected token.
    private void MissingSemicolon()
    {
        ReadOnlySpan<char> read = Source.AsSpan(0, Token.LastEnd);
        if (read.EndsWith("await")) Fail(ParseErrorCode.Syntax, Token.LastEnd - 5, "'await' can only be used in async functions and at the top of modules");
        else if (read.EndsWith("yield")) Fail(ParseErrorCode.Syntax, Token.LastEnd - 5, "'yield' can only be used in generators");
        else Unexpected("';'");
    }

    public void Unexpected(string? expected = null) => UnexpectedAt(Token.Start, expected);

    public void UnexpectedAt(int offset, string? expected = null)
    {
        if (Failed) return;
        string found = offset == Token.Start ? Describe() : $"'{Source[offset]}' cannot stand here";
        Fail(ParseErrorCode.Syntax, offset, expected is null ? found : $"{found}; expected {expected}");
    }

    private string Describe()
    {
        if (Token.Type == TokenType.End) return "The text ends too early";
        if (Token.Type == TokenType.EscapedReservedWord) return "A reserved word cannot be written with escapes";
        ReadOnlySpan<char> text = Source.AsSpan(Token.Start, Math.Min(Token.End - Token.Start, 40));
        string what = Token.Type switch
        {
            TokenType.Identifier => "The name ",
            TokenType.Number or TokenType.BigInt => "The number ",
            TokenType.String => "The string ",
            > TokenType.QuestionQuestionAssign or TokenType.In or TokenType.InstanceOf => "The reserved word ",
            _ => "",
        };
        return Token.Type == TokenType.String ? $"{what}{text} cannot stand here" : $"{what}'{text}' cannot stand here";
    }

    public void EarlyError(int offset, string message) => Fail(ParseErrorCode.EarlyError, offset, message);

    /// <summary>Enters a level of nesting. If that is too deep, records the error and returns false.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Enter()
    {
        // The stack is checked at every eighth level: eight take about 10 kB, and the runtime keeps 64 in reserve.
        if (++State.Depth <= Options.MaxDepth && ((State.Depth & 7) != 0 || RuntimeHelpers.TryEnsureSufficientExecutionStack())) return true;
        FailTooDeep();
        return false;
    }

    private void FailTooDeep()
    {
        State.Depth--;
        string message = State.Depth >= Options.MaxDepth
            ? $"The text is nested more than {Options.MaxDepth:N0} levels deep"
            : "The text is nested deeper than the stack of this thread allows";
        Fail(ParseErrorCode.TooDeep, Token.Start, message);
    }

    public void Leave() => State.Depth--;

    /// <summary>Adds a link to a chain, given the longest chain in the tree below it.</summary>
    public int Lengthen(int chain)
    {
        if (chain >= Options.MaxChain)
            Fail(ParseErrorCode.TooDeep, Token.Start, $"More than {Options.MaxChain:N0} operators, accesses or calls hang on one expression");
        return chain + 1;
    }
}
