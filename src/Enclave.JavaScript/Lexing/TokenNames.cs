namespace Enclave.JavaScript.Lexing;

/// <summary>The text of tokens in messages.</summary>
internal static class TokenNames
{
    public static string Quoted(TokenType type) => type switch
    {
        TokenType.LeftBrace => "'{'",
        TokenType.RightBrace => "'}'",
        TokenType.LeftParenthesis => "'('",
        TokenType.RightParenthesis => "')'",
        TokenType.LeftBracket => "'['",
        TokenType.RightBracket => "']'",
        TokenType.Semicolon => "';'",
        TokenType.Comma => "','",
        TokenType.Colon => "':'",
        TokenType.Arrow => "'=>'",
        TokenType.String => "a string",
        TokenType.While => "'while'",
        _ => $"'{type.ToString().ToLowerInvariant()}'",
    };
}
