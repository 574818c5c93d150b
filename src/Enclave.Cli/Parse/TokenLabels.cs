using Enclave.JavaScript.Lexing;

namespace Enclave.Cli.Parse;

/// <summary>acorn's names for types of tokens.</summary>
internal static class TokenLabels
{
    /// <summary>The label of a type; templates have several, which <see cref="TokenJson"/> knows.</summary>
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
        TokenType.Enum => "name",
        _ => IsName(type) ? "name" : text.ToString(),
    };

    /// <summary>Whether acorn gives the text as the token's value: operators and reserved words, but not brackets and the like.</summary>
    public static bool HasTextAsValue(TokenType type) => type is TokenType.Not or TokenType.Tilde or TokenType.Increment or TokenType.Decrement or >= TokenType.Equal || IsName(type);

    // What the language does not reserve is a name, whatever else it may mean in its place.
    private static bool IsName(TokenType type) => type == TokenType.Identifier;
}
