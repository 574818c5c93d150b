using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Lexing;

/// <summary>
/// Reads a text one token at a time. The meaning of a slash or a closing brace depends on the grammar (ECMA-262 12, goal symbols). So the parser, which
/// derives from this class, asks for a regular expression or the rest of a template where one can stand.
/// </summary>
/// <remarks>
/// There is one current token and no lookahead. The first error ends the text: the current token becomes <see cref="TokenType.End"/> and stays so.
/// Then every loop of the parser ends by itself, and no exception is thrown.
/// </remarks>
internal abstract partial class Tokenizer
{
    public readonly NameTable Names = new();
    private protected readonly Arena<Token> Tokens = new();
    private protected readonly Arena<Comment> Comments = new();

    /// <summary>All state that reading changes. A copy is a place to return to.</summary>
    public TokenState Token;

    public string Source { get; private set; } = "";

    public ParserOptions Options { get; private set; } = ParserOptions.Script;

    /// <summary>Bounds the work; null for no bound.</summary>
    public WorkMeter? Meter { get; private set; }

    public bool Failed => Token.Error is not null;

    private protected void Begin(string source, ParserOptions options, WorkMeter? meter)
    {
        (Source, Options, Meter) = (source, options, meter);
        Token = TokenState.First;
        if (source.Length > options.MaxSourceLength)
        {
            Fail(ParseErrorCode.TooLong, options.MaxSourceLength, $"The text has {source.Length:N0} UTF-16 units; the limit is {options.MaxSourceLength:N0}");
            return;
        }

        SkipHashbang();
        Scan();
    }

    private protected void Finish()
    {
        Names.Clear();
        (Source, Meter) = ("", null);
        Token = TokenState.First;
    }

    /// <summary>Moves to the next token.</summary>
    public void Next()
    {
        Token.LastEnd = Token.End;
        if ((Options.Keep & Keep.Tokens) != 0) Tokens.Add(new Token(Token.Type, Token.Start, Token.End));
        Token.NewlineBefore = false;
        Scan();
    }

    /// <summary>Records the first error and ends the text there.</summary>
    public void Fail(ParseErrorCode code, int offset, string message)
    {
        Token.Error ??= Token.Trials > 0 ? s_onTrial : new ParseError(code, message, offset, new LineMap(Source).At(offset));
        Token.Type = TokenType.End;
        Token.Start = Token.End = Token.Position = Source.Length;
    }

    public char Peek(int offset) => (uint)offset < (uint)Source.Length ? Source[offset] : '\0';

    private void Scan()
    {
        Meter?.Step();
        if (!SkipTrivia()) return;
        Token.Start = Token.Position;
        if (Token.Position >= Source.Length)
        {
            Token.Type = TokenType.End;
            Token.End = Token.Position;
            return;
        }

        char c = Source[Token.Position];
        if (CharacterTable.Is(c, CharacterTable.IdentifierStart)) ScanWord();
        else if (CharacterTable.Is(c, CharacterTable.Digit)) ScanNumber();
        else if (c < 128) ScanPunctuator(c);
        else ScanWideCharacter();
        Token.End = Token.Position;
    }

    private void Found(TokenType type, int length)
    {
        Token.Type = type;
        Token.Position += length;
    }
}
