using Enclave.JavaScript.Lexing;

namespace Enclave.Cli.Parse;

/// <summary>acorn's names of token types.</summary>
internal static class TokenLabels
{
    /// <summary>The label of a type. Templates have several, which <see cref="TokenJson"/> writes.</summary>
    public static string Of(TokenType type, ReadOnlySpan<char> text) => type switch
    {
        TokenType.End => "eof",
        TokenType.PrivateName => "privateId",
        TokenType.Number or TokenType.BigInt => "num",
        TokenType.String => "string",
        TokenType.RegExp => "regexp",
        TokenType.Not or TokenType.Tilde => "!/~",
        TokenType.Increment or TokenType.Decrement => "++/--",
        TokenType.Equal or TokenType.NotEqual or TokenType.StrictEqual or TokenType.StrictNotEqual => "==/!=/===/!==",
        TokenType.Less or TokenType.LessOrEqual or TokenType.Greater or TokenType.GreaterOrEqual => "</>/<=/>=",
        TokenType.ShiftLeft or TokenType.ShiftRight or TokenType.ShiftRightUnsigned => "<</>>/>>>",
        TokenType.Plus or TokenType.Minus => "+/-",
        > TokenType.Assign and <= TokenType.QuestionQuestionAssign => "_=",
        TokenType.Identifier => "name",
        _ => text.ToString(),
    };

    /// <summary>True if acorn reports the text as the token's value: for operators and reserved words, but not for brackets and the like.</summary>
    public static bool HasTextAsValue(TokenType type) =>
        type is TokenType.Identifier
            or TokenType.QuestionDot or TokenType.Not or TokenType.Tilde or TokenType.Increment or TokenType.Decrement or >= TokenType.Equal;
}
