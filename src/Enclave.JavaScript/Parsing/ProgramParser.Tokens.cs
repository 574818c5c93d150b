using System.Runtime.CompilerServices;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Operations on tokens, and the messages for unexpected ones.</summary>
internal sealed partial class ProgramParser
{
    // Replaces a node after an error. Nobody sees the tree then.
    private static readonly Identifier s_missing = new(0, 0, "");
    private static readonly EmptyStatement s_missingStatement = new(0, 0);
    private static readonly StringLiteral s_missingString = new(0, 0, "");

    private int _depth;
    private int _chain;

    private bool Is(int knownName) => Type == TokenType.Identifier && Name == knownName && !HasEscape;

    private bool Eat(TokenType type)
    {
        if (Type != type) return false;
        Next();
        return true;
    }

    private bool Eat(int knownName)
    {
        if (!Is(knownName)) return false;
        Next();
        return true;
    }

    private void Expect(TokenType type)
    {
        if (Type == type) Next();
        else Unexpected(TokenNames.Quoted(type));
    }

    private void Expect(int knownName)
    {
        if (!Eat(knownName)) Unexpected($"'{Names.Text(knownName)}'");
    }

    /// <summary>Reads the comma between two elements of a list, unless the list ends here.</summary>
    private void Separate(TokenType close)
    {
        if (Type == TokenType.Comma) Next();
        else if (Type != close) Unexpected($"',' or {TokenNames.Quoted(close)}");
    }

    /// <summary>True if a statement may end here without a semicolon (ECMA-262 12.10).</summary>
    private bool CanEndStatement => NewlineBefore || Type is TokenType.RightBrace or TokenType.End;

    private void Semicolon()
    {
        if (Type == TokenType.Semicolon) Next();
        else if (!CanEndStatement) MissingSemicolon();
    }

    // The likeliest reason helps more than the unexpected token.
    private void MissingSemicolon()
    {
        ReadOnlySpan<char> read = Source.AsSpan(0, LastEnd);
        if (read.EndsWith("await")) Fail(ParseErrorCode.Syntax, LastEnd - 5, "'await' can only be used in async functions and at the top of modules");
        else if (read.EndsWith("yield")) Fail(ParseErrorCode.Syntax, LastEnd - 5, "'yield' can only be used in generators");
        else Unexpected("';'");
    }

    private void Unexpected(string? expected = null) => UnexpectedAt(Start, expected);

    private void UnexpectedAt(int offset, string? expected = null)
    {
        if (Failed) return;
        string found = offset == Start ? Describe() : $"'{Source[offset]}' cannot stand here";
        Fail(ParseErrorCode.Syntax, offset, expected is null ? found : $"{found}; expected {expected}");
    }

    private string Describe()
    {
        if (Type == TokenType.End) return "The text ends too early";
        if (Type == TokenType.EscapedReservedWord) return "A reserved word cannot be written with escapes";
        ReadOnlySpan<char> text = Source.AsSpan(Start, Math.Min(End - Start, 40));
        string what = Type switch
        {
            TokenType.Identifier => "The name ",
            TokenType.Number or TokenType.BigInt => "The number ",
            TokenType.String => "The string ",
            > TokenType.QuestionQuestionAssign or TokenType.In or TokenType.InstanceOf => "The reserved word ",
            _ => "",
        };
        return Type == TokenType.String ? $"{what}{text} cannot stand here" : $"{what}'{text}' cannot stand here";
    }

    private void EarlyError(int offset, string message) => Fail(ParseErrorCode.EarlyError, offset, message);

    /// <summary>Enters a level of nesting. If that is too deep, records the error and returns false.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Enter()
    {
        // The stack is checked at every eighth level: eight take about 10 kB, and the runtime keeps 64 in reserve.
        if (++_depth <= Options.MaxDepth && ((_depth & 7) != 0 || RuntimeHelpers.TryEnsureSufficientExecutionStack())) return true;
        FailTooDeep();
        return false;
    }

    private void FailTooDeep()
    {
        _depth--;
        string message = _depth >= Options.MaxDepth
            ? $"The text is nested more than {Options.MaxDepth:N0} levels deep"
            : "The text is nested deeper than the stack of this thread allows";
        Fail(ParseErrorCode.TooDeep, Start, message);
    }

    private void Leave() => _depth--;

    /// <summary>Adds a link to a chain, given the longest chain in the tree below it.</summary>
    private int Lengthen(int chain)
    {
        if (chain >= Options.MaxChain)
            Fail(ParseErrorCode.TooDeep, Start, $"More than {Options.MaxChain:N0} operators, accesses or calls hang on one expression");
        return chain + 1;
    }
}
