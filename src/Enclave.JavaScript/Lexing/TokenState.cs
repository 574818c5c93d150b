namespace Enclave.JavaScript.Lexing;

/// <summary>The current token, the place behind it, and the first error: everything that changes from token to token.</summary>
internal struct TokenState
{
    /// <summary>The place before the first token of a text.</summary>
    public static readonly TokenState First = new() { NewlineBefore = true, StringValue = "", TemplateRaw = "", RegExpPattern = "", RegExpFlags = "" };

    /// <summary>The value of the current string, or the digits of the current big integer.</summary>
    public string StringValue;

    /// <summary>The piece of a template as written, with line feeds as line ends.</summary>
    public string TemplateRaw;

    /// <summary>The piece with its escapes decoded; null if one is malformed.</summary>
    public string? TemplateCooked;

    public string RegExpPattern;
    public string RegExpFlags;

    /// <summary>The first error of the text. During a trial it only says that there is one.</summary>
    public ParseError? Error;

    /// <summary>The value of the current number.</summary>
    public double NumberValue;

    /// <summary>The offset from which the next token is read.</summary>
    public int Position;

    public int Start;
    public int End;

    /// <summary>The end of the token before the current one.</summary>
    public int LastEnd;

    /// <summary>The number of the current word's or private name's text in <see cref="Tokenizer.Names"/>.</summary>
    public int Name;

    /// <summary>The place in the current string or number of a form that strict code forbids; -1 if there is none.</summary>
    public int LegacyAt;

    /// <summary>The place of the first malformed escape in the piece of a template.</summary>
    public int MalformedEscape;

    /// <summary>The number of nested trials in progress.</summary>
    public int Trials;

    public TokenType Type;

    /// <summary>True if a line ends between the token before and the current one (12.10).</summary>
    public bool NewlineBefore;

    /// <summary>True if the current word, or private name, is written with an escape.</summary>
    public bool HasEscape;
}
