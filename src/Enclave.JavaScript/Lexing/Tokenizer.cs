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
    private protected readonly NameTable Names = new();
    private readonly List<Token> _tokens = [];
    private readonly List<Comment> _comments = [];
    private WorkMeter? _meter;
    private int _position;

    private protected ParserOptions Options { get; private set; } = ParserOptions.Script;

    private protected string Source = "";
    private protected TokenType Type;
    private protected int Start;
    private protected int End;

    /// <summary>The end of the token before the current one.</summary>
    private protected int LastEnd;

    /// <summary>True if a line ends between the token before and the current one (12.10).</summary>
    private protected bool NewlineBefore;

    /// <summary>True if the current word, or private name, is written with an escape.</summary>
    private protected bool HasEscape;

    /// <summary>The number of the current word's or private name's text in <see cref="Names"/>.</summary>
    private protected int Name;

    private protected ParseError? Error { get; private set; }

    private protected bool Failed => Error is not null;

    private protected int Position => _position;

    private protected void Begin(string source, ParserOptions options, WorkMeter? meter)
    {
        _meter = meter;
        Source = source;
        Options = options;
        _position = 0;
        Start = End = LastEnd = 0;
        NewlineBefore = true;
        Error = null;
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
        _tokens.Clear();
        _comments.Clear();
        Source = "";
        Error = null;
        _meter = null;
    }

    private protected ImmutableArray<Token> CollectedTokens => [.. _tokens];

    private protected ImmutableArray<Comment> CollectedComments => [.. _comments];

    /// <summary>Goes on to the next token.</summary>
    private protected void Next()
    {
        LastEnd = End;
        if ((Options.Keep & Keep.Tokens) != 0) _tokens.Add(new Token(Type, Start, End));
        NewlineBefore = false;
        Scan();
    }

    /// <summary>Bounds the work; null for no bound.</summary>
    private protected WorkMeter? Meter => _meter;

    /// <summary>Records the first error and ends the text there.</summary>
    private protected void Fail(ParseErrorCode code, int offset, string message)
    {
        Error ??= Trials > 0 ? s_onTrial : new ParseError(code, message, offset, new LineMap(Source).At(offset));
        Type = TokenType.End;
        Start = End = _position = Source.Length;
    }

    private protected char Peek(int offset) => (uint)offset < (uint)Source.Length ? Source[offset] : '\0';

    private void Scan()
    {
        _meter?.Step();
        if (!SkipTrivia()) return;
        Start = _position;
        if (_position >= Source.Length)
        {
            Type = TokenType.End;
            End = _position;
            return;
        }

        char c = Source[_position];
        if (CharacterTable.Is(c, CharacterTable.IdentifierStart)) ScanWord();
        else if (CharacterTable.Is(c, CharacterTable.Digit)) ScanNumber();
        else if (c < 128) ScanPunctuator(c);
        else ScanWideCharacter();
        End = _position;
    }

    private void Found(TokenType type, int length)
    {
        Type = type;
        _position += length;
    }
}
