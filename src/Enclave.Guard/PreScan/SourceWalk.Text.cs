using System.Buffers;
using Enclave.JavaScript.Lexing;
using Enclave.JavaScript.Text;

namespace Enclave.Guard.PreScan;

/// <summary>Text that is not code: strings, templates, comments.</summary>
internal ref partial struct SourceWalk
{
    // Nearly all texts are ASCII. Searching those for ASCII only is several times faster.
    private static readonly SearchValues<char> s_asciiLineEnds = SearchValues.Create("\n\r");
    private static readonly SearchValues<char> s_asciiDoubleStops = SearchValues.Create("\"\\\n\r");
    private static readonly SearchValues<char> s_doubleStops = SearchValues.Create("\"\\" + LineEnds.All);
    private static readonly SearchValues<char> s_asciiSingleStops = SearchValues.Create("'\\\n\r");
    private static readonly SearchValues<char> s_singleStops = SearchValues.Create("'\\" + LineEnds.All);
    private static readonly SearchValues<char> s_asciiTemplateStops = SearchValues.Create("`$\\\n\r");
    private static readonly SearchValues<char> s_templateStops = SearchValues.Create("`$\\" + LineEnds.All);
    private static readonly SearchValues<char> s_asciiCommentStops = SearchValues.Create("*\n\r");
    private static readonly SearchValues<char> s_commentStops = SearchValues.Create("*" + LineEnds.All);

    private int ReadString(char quote, int start)
    {
        SearchValues<char> stops = quote == '"' ? (_ascii ? s_asciiDoubleStops : s_doubleStops) : (_ascii ? s_asciiSingleStops : s_singleStops);
        int at = start + 1;
        while (true)
        {
            at = Seek(at, stops);
            if (at >= _source.Length) break;
            char c = _source[at];
            if (c == quote)
            {
                return CountString(start + 1, at) ? Found(LastToken.Operand, at + 1) : _source.Length;
            }

            if (c == '\\')
            {
                at = SkipEscaped(at + 1);
            }
            else
            {
                // The string does not end on its line: the text is not a program, and the rest is read as code.
                if (c is '\n' or '\r') break;
                at = EndLine(at);
            }
        }

        if (_fatal is not null) return _source.Length;
        return CountString(start + 1, at) ? Found(LastToken.Operand, at) : _source.Length;
    }

    /// <summary>Reads a template to its end or its next placeholder. Starts behind its back quote, or behind the brace that closes a placeholder.</summary>
    private int ReadTemplate(int start)
    {
        SearchValues<char> stops = _ascii ? s_asciiTemplateStops : s_templateStops;
        int at = start;
        while (true)
        {
            at = Seek(at, stops);
            if (at >= _source.Length) break;
            switch (_source[at])
            {
                case '`':
                    return CountString(start, at) ? Found(LastToken.Operand, at + 1) : _source.Length;
                case '$' when Peek(at + 1) == '{':
                    if (!CountString(start, at)) return _source.Length;
                    if (!_brackets.TryOpen(BracketKind.Hole)) return FailAtNesting(at + 1);
                    return Found(LastToken.Operator, at + 2);
                case '$':
                    at++;
                    break;
                case '\\':
                    at = SkipEscaped(at + 1);
                    break;
                default:
                    at = EndLine(at);
                    break;
            }
        }

        if (_fatal is not null || !CountString(start, at)) return _source.Length;
        return Found(LastToken.Operand, at);
    }

    // A backslash escapes one unit, or a line end, which continues the text.
    private int SkipEscaped(int at) => LineEnds.Contains(Peek(at)) ? EndLine(at) : Math.Min(at + 1, _source.Length);

    private bool CountString(int start, int end)
    {
        int length = end - start;
        _stringTotal += length;
        if (length > _limits.StringLength) return FailAtString(start, length);
        return _stringTotal <= _limits.StringTotal || FailAtStringTotal(start, length);
    }

    private int SkipLineComment(int at)
    {
        _operators = 0;
        return Seek(at, _ascii ? s_asciiLineEnds : LineEnds.Set);
    }

    private int SkipBlockComment(int start)
    {
        _operators = 0;
        SearchValues<char> stops = _ascii ? s_asciiCommentStops : s_commentStops;
        int at = start + 2;
        while (true)
        {
            at = Seek(at, stops);
            if (at >= _source.Length) return at;
            if (_source[at] != '*') at = EndLine(at);
            else if (Peek(++at) == '/') return at + 1;
        }
    }

    private readonly int Seek(int at, SearchValues<char> stops)
    {
        int length = _source[at..].IndexOfAny(stops);
        return length < 0 ? _source.Length : at + length;
    }
}
