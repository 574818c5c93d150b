using Enclave.JavaScript.Lexing;
using Enclave.JavaScript.Text;

namespace Enclave.Guard.PreScan;

/// <summary>Slashes: comments, divisions and regular expressions.</summary>
/// <remarks>
/// A slash behind an operand divides; elsewhere it begins a regular expression. The walk knows what a word, a parenthesis or a brace is from the word
/// itself and from the bracket's meaning. Two questions need a parser: whether <c>await</c> and <c>yield</c> are names, and which body belongs to which class
/// where a class stands, at the same depth, in the heritage clause of another. Behind those two words a slash counts as a division, whose brackets all count.
/// The exception is a regular expression that would contain quotes: reading the quotes as code could hide more than the one line that reading
/// them as a pattern can hide.
/// </remarks>
internal ref partial struct SourceWalk
{
    private int ReadSlash(int at)
    {
        char next = Peek(at + 1);
        if (next == '/') return SkipLineComment(at);
        if (next == '*') return SkipBlockComment(at);
        int close = FindRegexEnd(at);
        if (close >= 0) return ReadRegex(at, close);
        return CountOperators(at, 1) ? Mark(LastToken.Operator, at + 1) : _source.Length;
    }

    // The offset of the closing slash; -1 if the given slash divides.
    private int FindRegexEnd(int start)
    {
        if (start < _dividesUpTo) return -1;
        SlashContext context = _last == LastToken.Word ? WordAsSlashContext() : EndsOperand() ? SlashContext.Operand : SlashContext.Expression;
        if (context == SlashContext.Operand) return -1;
        int close = FindClosingSlash(start, out int end);
        if (close >= 0 && (context == SlashContext.Expression || _source[start..close].ContainsAny('"', '\'', '`'))) return close;
        _dividesUpTo = end;
        return -1;
    }

    private readonly int FindClosingSlash(int start, out int end)
    {
        bool inClass = false;
        for (end = start + 1; end < _source.Length; end++)
        {
            char c = _source[end];
            if (LineEnds.Contains(c)) return -1;
            if (c == '\\')
            {
                if (LineEnds.Contains(Peek(end + 1))) return -1;
                end++;
            }
            else if (c == '[')
            {
                inClass = true;
            }
            else if (c == ']')
            {
                inClass = false;
            }
            else if (c == '/' && !inClass)
            {
                return end;
            }
        }

        end = _source.Length;
        return -1;
    }

    private int ReadRegex(int start, int close)
    {
        int end = close + 1;
        while (CharacterTable.Is(Peek(end), CharacterTable.IdentifierPart)) end++;
        if (_limits.RegexMode == RegexMode.Ignore) return Found(LastToken.Operand, end);
        int length = close - start - 1;
        int count = (_regexes?.Count ?? 0) + 1;
        if (_limits.RegexMode == RegexMode.Block) return FailAtBlockedRegex(start, end);
        if (count > _limits.RegexCount) return FailAtRegexCount(start, end, count);
        if (length > _limits.RegexLength) return FailAtRegexLength(start, end, length);
        var regex = new ScannedRegex(_source.Slice(start + 1, length).ToString(), _source[(close + 1)..end].ToString(), start);
        (_regexes ??= []).Add(regex);
        if (_limits.RegexMode == RegexMode.Analyze && RedosAnalysis.Analyze(regex.Pattern, regex.Flags, _limits.RedosScope) is { } finding)
        {
            if (!AcceptRedos(finding, start, end)) return _source.Length;
        }

        return Found(LastToken.Operand, end);
    }
}
