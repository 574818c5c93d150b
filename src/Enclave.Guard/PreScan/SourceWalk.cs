using System.Runtime.CompilerServices;
using Enclave.JavaScript.Lexing;
using Enclave.JavaScript.Text;

namespace Enclave.Guard.PreScan;

/// <summary>Walks once over a text, tells code from strings, templates, comments and regular expressions, and measures each.</summary>
/// <remarks>
/// Every reading method takes the offset where the item begins and returns the offset behind it. After the fatal issue it returns the end of the text.
/// </remarks>
internal ref partial struct SourceWalk
{
    private readonly ReadOnlySpan<char> _source;
    private readonly PreScanLimits _limits;
    private readonly int _bytes;
    private readonly bool _ascii;
    private BracketStack _brackets;
    private LastToken _last;

    /// <summary>The end of the last significant token.</summary>
    private int _lastEnd;

    private int _lineStart;
    private int _lines;
    private int _longestLine;
    private int _operators;
    private int _operatorsStart;
    private long _stringTotal;

    // The last word, and its position.
    private int _wordStart;
    private int _wordLength;
    private LastToken _beforeWord;
    private bool _wordFollowsFor;

    /// <summary>The number of open brackets around a class whose body has not begun; -1 if there is none.</summary>
    private int _classDepth;

    private WordPosition _classPosition;
    private WordPosition _functionPosition;

    /// <summary>Slashes up to here divide: a search for the end of a regular expression has passed here, and no character is searched twice.</summary>
    private int _dividesUpTo;

    private List<ScannedRegex>? _regexes;
    private List<GuardIssue>? _issues;
    private GuardIssue? _fatal;
    private int _unicodeIssues;

    // The line of the last issue.
    private int _placedLine;
    private int _placedStart;

    /// <param name="bytes">The text's size in UTF-8. It tells if the text is ASCII.</param>
    public SourceWalk(string source, int bytes, PreScanLimits limits, BracketStack brackets)
    {
        _source = source;
        _limits = limits;
        _brackets = brackets;
        _bytes = bytes;
        _ascii = bytes == source.Length;
        _lines = 1;
        _classDepth = -1;
    }

    /// <summary>Reads the text to its end, or to the first fatal issue.</summary>
    public void Run()
    {
        int at = _source.StartsWith("#!") ? SkipLineComment(0) : 0;
        while ((uint)at < (uint)_source.Length)
        {
            char c = _source[at];
            if (c == ' ') at++;
            else if (CharacterTable.Is(c, CharacterTable.IdentifierStart)) at = ReadWord(at);
            else if (c < 128) at = ReadAscii(c, at);
            else at = ReadWide(at);
        }

        if (_fatal is null) MeasureLine(_source.Length);
    }

    private int ReadAscii(char c, int at)
    {
        switch (c)
        {
            case '\n' or '\r':
                return EndLine(at);
            case '\t' or '\v' or '\f':
                return at + 1;
            case '(' or '[' or '{':
                return Open(c, at);
            case ')' or ']' or '}':
                return Close(c, at);
            case '"' or '\'':
                return ReadString(c, at);
            case '`':
                return ReadTemplate(at + 1);
            case '/':
                return ReadSlash(at);
            case '.':
                return ReadDot(at);
            case '=' or '<' or '>' or '+' or '-' or '*' or '%' or '&' or '|' or '^' or '!' or '~':
                return ReadOperator(c, at);
            case '\\':
                return ReadRareWord(at, at);
            case >= '0' and <= '9':
                return ReadNumber(at);
            default:
                return ReadPunctuator(c, at);
        }
    }

    private int ReadPunctuator(char c, int at)
    {
        switch (c)
        {
            case ';':
                return Found(LastToken.Semicolon, at + 1);
            case '?' when Peek(at + 1) == '.' && !char.IsAsciiDigit(Peek(at + 2)):
                return Found(LastToken.Dot, at + 2);
            case '?' when Peek(at + 1) == '?':
                return Found(LastToken.Operator, at + 2);
            case '?':
                _brackets.Top.OpenConditions++;
                return Found(LastToken.Operator, at + 1);
            case ':':
                return ReadColon(at);
            case '#':
                // A private name: the word behind # is a name, even a reserved word.
                return Found(LastToken.Dot, at + 1);
            default:
                return Found(LastToken.Operator, at + 1);
        }
    }

    private int ReadColon(int at)
    {
        // The word before the colon was a key, even if it is a word that can begin a definition.
        _functionPosition = WordPosition.None;
        if (_classDepth == _brackets.Depth) _classDepth = -1;
        ref Bracket bracket = ref _brackets.Top;
        if (bracket.OpenConditions > 0)
        {
            bracket.OpenConditions--;
            return Found(LastToken.Operator, at + 1);
        }

        return Found(bracket.Kind is BracketKind.Block or BracketKind.ExpressionBody ? LastToken.Label : LastToken.Operator, at + 1);
    }

    private int ReadDot(int at)
    {
        if (char.IsAsciiDigit(Peek(at + 1))) return ReadNumber(at);
        if (Peek(at + 1) == '.' && Peek(at + 2) == '.') return Found(LastToken.Operator, at + 3);
        return Found(LastToken.Dot, at + 1);
    }

    private int ReadNumber(int at)
    {
        bool radix = _source[at] == '0' && (Peek(at + 1) | 0x20) is 'x' or 'b' or 'o';
        int end = at + 1;
        while (end < _source.Length)
        {
            char c = _source[end];
            bool sign = c is '+' or '-' && !radix && (_source[end - 1] | 0x20) == 'e';
            if (!sign && c != '.' && !CharacterTable.Is(c, CharacterTable.IdentifierPart)) break;
            end++;
        }

        return Found(LastToken.Operand, end);
    }

    private int ReadOperator(char c, int at)
    {
        if (c == '<' && _source[at..].StartsWith("<!--")) return SkipLineComment(at);
        if (c == '-' && _source[at..].StartsWith("-->") && BreaksLine(at)) return SkipLineComment(at);
        char next = Peek(at + 1);
        if (c == '=' && next == '>') return CountOperators(at, 2) ? Mark(LastToken.Arrow, at + 2) : _source.Length;
        if (c == next && c is '+' or '-')
        {
            // Behind an operand on the same line it is a postfix, and the operand stays an operand.
            bool postfix = EndsOperand() && !BreaksLine(at);
            if (!CountOperators(at, 2)) return _source.Length;
            return Mark(postfix ? LastToken.Operand : LastToken.Operator, at + 2);
        }

        return CountOperators(at, 1) ? Mark(LastToken.Operator, at + 1) : _source.Length;
    }

    private bool CountOperators(int at, int count)
    {
        if (_operators == 0) _operatorsStart = at;
        _operators += count;
        if (_operators <= _limits.ConsecutiveOperators) return true;
        FailAtOperators(at + count);
        return false;
    }

    /// <summary>True if the last token ends an operand, so that a slash divides.</summary>
    private readonly bool EndsOperand() => _last switch
    {
        LastToken.Operand or LastToken.ParenthesisEnd or LastToken.ParametersEnd => true,
        LastToken.Word => WordAsSlashContext() != SlashContext.Expression,
        _ => false,
    };

    /// <summary>True if no significant token precedes the offset on its line.</summary>
    private readonly bool BreaksLine(int at) => _lastEnd == 0 || _source[_lastEnd..at].ContainsAny(LineEnds.Set);

    /// <summary>Reads a token that ends a run of operators.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Found(LastToken token, int end)
    {
        _operators = 0;
        return Mark(token, end);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Mark(LastToken token, int end)
    {
        _last = token;
        return _lastEnd = end;
    }

    private readonly char Peek(int at) => (uint)at < (uint)_source.Length ? _source[at] : '\0';

    /// <summary>Ends the line at this offset.</summary>
    private int EndLine(int at)
    {
        if (!MeasureLine(at)) return _source.Length;
        at += _source[at] == '\r' && Peek(at + 1) == '\n' ? 2 : 1;
        _lineStart = at;
        if (++_lines > _limits.Lines) return FailAtLines(at);
        return at;
    }

    private bool MeasureLine(int end)
    {
        int length = end - _lineStart;
        if (length > _longestLine) _longestLine = length;
        if (length <= _limits.LineLength || _limits.LongLines == TextCheck.Off) return true;
        FailAtLine(length);
        return false;
    }
}
