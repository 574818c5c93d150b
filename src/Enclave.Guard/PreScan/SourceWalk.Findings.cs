using System.Globalization;
using Enclave.Guard.Unicode;
using Enclave.JavaScript.Text;

namespace Enclave.Guard.PreScan;

/// <summary>The issues that the walk reports.</summary>
internal ref partial struct SourceWalk
{
    private const int MaxInvisible = 3;
    private const int LongestQuote = 64;

    /// <summary>The result so far.</summary>
    public readonly PreScanResult Result() => new(
        _issues is null ? [] : _issues,
        _fatal,
        new PreScanStats(_bytes, _lines, _longestLine, _brackets.Deepest, _regexes?.Count ?? 0, _stringTotal, _unicodeIssues),
        _regexes is null ? [] : _regexes);

    public void FailAtSize() => FailAtLimit(
        "PRESCANNER_INPUT_TOO_LARGE", 0, 0, _bytes, _limits.InputBytes, $"The script has {Number(_bytes)} bytes",
        "Pass data as arguments or read it with a tool, instead of writing it into the script.");

    public void FailAtNull(int at) => Fail(
        "PRESCANNER_NULL_BYTE", at, 1, "The script contains a NUL character", "Remove it; inside a string write \\0.");

    public void FailAtBidi(int at)
    {
        _unicodeIssues++;
        string character = Name(_source[at]);
        Fail(
            "PRESCANNER_BIDI_ATTACK", at, 1, $"{character} can show the script in another order than it runs in",
            "Remove it; inside a string write it as an escape.", new Dictionary<string, object> { ["character"] = character });
    }

    private int FailAtLine(int length) => FailAtLimit(
        "PRESCANNER_LINE_TOO_LONG", _lineStart, length, length, _limits.LineLength, $"The line has {Number(length)} characters",
        "Break it into several lines.");

    private int FailAtLines(int at) => FailAtLimit(
        "PRESCANNER_TOO_MANY_LINES", at, 0, _lines, _limits.Lines, $"The script has at least {Number(_lines)} lines",
        "Divide the work among several scripts.");

    private int FailAtNesting(int at) => FailAtLimit(
        "PRESCANNER_NESTING_OVERFLOW", at, 1, _brackets.Deepest, _limits.BracketDepth, $"Brackets are nested {Number(_brackets.Deepest)} deep",
        "Name inner values or functions, and use the names.");

    private int FailAtOperators(int end) => FailAtLimit(
        "PRESCANNER_OPERATOR_SPAM", _operatorsStart, end - _operatorsStart, _operators, _limits.ConsecutiveOperators,
        $"{Number(_operators)} operator characters follow each other", "Simplify the expression, or put parentheses around its parts.");

    private int FailAtBlockedRegex(int start, int end) => Fail(
        "PRESCANNER_REGEX_BLOCKED", start, end - start, "Regular expressions are not part of the language here",
        "Use string methods such as includes, startsWith, indexOf and split with a plain string.");

    private int FailAtRegexCount(int start, int end, int count) => FailAtLimit(
        "PRESCANNER_REGEX_COUNT", start, end - start, count, _limits.RegexCount, $"The script has at least {Number(count)} regular expressions",
        "Name those that are used more than once, or use string methods.");

    private int FailAtRegexLength(int start, int end, int length) => FailAtLimit(
        "PRESCANNER_REGEX_TOO_LONG", start, end - start, length, _limits.RegexLength, $"The regular expression has {Number(length)} characters",
        "Divide it into several shorter ones.");

    private bool FailAtString(int start, int length)
    {
        FailAtLimit(
            "PRESCANNER_STRING_TOO_LONG", start, length, length, _limits.StringLength, $"The string has {Number(length)} characters",
            "Pass long text as an argument or read it with a tool.");
        return false;
    }

    private bool FailAtStringTotal(int start, int length)
    {
        FailAtLimit(
            "PRESCANNER_STRING_TOTAL", start, length, _stringTotal, _limits.StringTotal,
            $"The strings up to here have {Number(_stringTotal)} characters together",
            "Pass long text as an argument or read it with a tool.");
        return false;
    }

    private bool FailAtHomograph(int start, int end, ReadOnlySpan<char> name)
    {
        _unicodeIssues++;
        string quoted = Shortened(name);
        string resembles = Homoglyphs.Normalize(quoted);
        Fail(
            "PRESCANNER_HOMOGRAPH", start, end - start, $"The name {quoted} mixes or borrows letters of several scripts and can be taken for {resembles}",
            "Write the whole name in one script.", new Dictionary<string, object> { ["name"] = quoted, ["resembles"] = resembles });
        return false;
    }

    /// <summary>Reports an invisible character in code, if this check is on. Returns false if there are too many.</summary>
    private bool AcceptInvisible(int codePoint, int at, int length)
    {
        if (_limits.Invisible == TextCheck.Off) return true;
        _unicodeIssues++;
        string character = Name(codePoint);
        var data = new Dictionary<string, object> { ["character"] = character, ["actual"] = _unicodeIssues, ["limit"] = MaxInvisible };
        const string Code = "PRESCANNER_UNICODE_SUSPICIOUS";
        const string Hint = "Remove it; inside a string it may stay.";
        if (_unicodeIssues > MaxInvisible)
        {
            Fail(Code, at, length, $"More than {MaxInvisible} invisible characters stand in the code; this one is {character}", Hint, data);
            return false;
        }

        Report(Code, IssueSeverity.Warning, at, length, $"The invisible character {character} stands in the code", Hint, data);
        return true;
    }

    private bool AcceptRedos(RedosFinding finding, int start, int end)
    {
        const string Code = "PRESCANNER_REDOS";
        const string Hint = "Let each part of the pattern begin with a character that the part before it cannot match.";
        string message = $"The regular expression can take very long: {finding.Reason}";
        var data = new Dictionary<string, object> { ["score"] = finding.Score, ["shape"] = finding.Shape.ToString() };
        if (finding.Score >= RedosAnalysis.FatalScore)
        {
            Fail(Code, start, end - start, message, Hint, data);
            return false;
        }

        Report(Code, IssueSeverity.Warning, start, end - start, message, Hint, data);
        return true;
    }

    private int FailAtLimit(string code, int at, int length, long actual, int limit, string fact, string hint) => Fail(
        code, at, length, $"{fact}; the limit is {Number(limit)}", hint, new Dictionary<string, object> { ["actual"] = actual, ["limit"] = (long)limit });

    private int Fail(string code, int at, int length, string message, string hint, IReadOnlyDictionary<string, object>? data = null)
    {
        _fatal = Report(code, IssueSeverity.Error, at, length, message, hint, data);
        return _source.Length;
    }

    private GuardIssue Report(
        string code, IssueSeverity severity, int at, int length, string message, string hint, IReadOnlyDictionary<string, object>? data)
    {
        var issue = new GuardIssue(PreScanner.Rule, code, message + ".", severity)
        {
            Location = Locate(at, length),
            Hint = hint,
            Data = data ?? ImmutableDictionary<string, object>.Empty,
        };
        (_issues ??= []).Add(issue);
        return issue;
    }

    private SourceLocation Locate(int at, int length)
    {
        (int line, int column) = PlaceOf(at);
        (int endLine, int endColumn) = PlaceOf(at + length);
        return new SourceLocation(at, length, line, column, endLine, endColumn);
    }

    // Counts from the last place, since most issues come in the order of the text. A table of all lines would grow with the text.
    private (int Line, int Column) PlaceOf(int offset)
    {
        if (offset < _placedStart) (_placedLine, _placedStart) = (0, 0);
        while (Seek(_placedStart, LineEnds.Set) is int end && end < offset)
        {
            int next = end + (_source[end] == '\r' && Peek(end + 1) == '\n' ? 2 : 1);
            if (next > offset) break;
            (_placedLine, _placedStart) = (_placedLine + 1, next);
        }

        return (_placedLine + 1, offset - _placedStart);
    }

    private static string Name(int codePoint) => string.Create(CultureInfo.InvariantCulture, $"U+{codePoint:X4}");

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Shortened(ReadOnlySpan<char> name) => name.Length <= LongestQuote ? name.ToString() : string.Concat(name[..LongestQuote], "…");
}
