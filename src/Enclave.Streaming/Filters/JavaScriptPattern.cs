using System.Text;

namespace Enclave.Streaming;

/// <summary>Regular expressions of JavaScript in the words of .NET, where the same words mean something else.</summary>
internal ref struct JavaScriptPattern
{
    private const string Space = @"\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff";
    private const string NoSpace = @"\x00-\x08\x0e-\x1f!-\x9f\u00a1-\u167f\u1681-\u1fff\u200b-\u2027\u202a-\u202e\u2030-\u205e\u2060-\u2fff\u3001-\ufefe\uff00-\uffff";
    private const string Word = "0-9A-Z_a-z";
    private const string NoWord = @"\x00-/:-@\[-\^`{-\uffff";
    private const string Digit = "0-9";
    private const string NoDigit = @"\x00-/:-\uffff";

    private readonly ReadOnlySpan<char> _pattern;
    private readonly StringBuilder _output = new();
    private int _at;

    private JavaScriptPattern(string pattern) => _pattern = pattern;

    /// <summary>The pattern for .NET; null for what is no pattern, or needs to look back or ahead.</summary>
    public static string? Translate(string pattern)
    {
        var translation = new JavaScriptPattern(pattern);
        return translation.TryTranslate() ? translation._output.ToString() : null;
    }

    private bool TryTranslate()
    {
        while (_at < _pattern.Length)
        {
            char next = _pattern[_at++];
            switch (next)
            {
                case '\\':
                    if (!TryEscape()) return false;
                    break;
                case '[':
                    if (!TryClass()) return false;
                    break;
                case '(':
                    if (!TryGroup()) return false;
                    break;
                case '.':
                    _output.Append(@"[^\n\r\u2028\u2029]");
                    break;
                case '$':
                    // In .NET, $ is also before a last line end.
                    _output.Append(@"\z");
                    break;
                default:
                    _output.Append(next);
                    break;
            }
        }

        return true;
    }

    /// <summary>Groups without their names: only whether something matches is of interest.</summary>
    private bool TryGroup()
    {
        _output.Append("(?:");
        if (_at >= _pattern.Length || _pattern[_at] != '?') return true;
        ReadOnlySpan<char> kind = _pattern[(_at + 1)..];
        if (kind.StartsWith(":"))
        {
            _at += 2;
            return true;
        }

        int end = kind.IndexOf('>');
        if (!kind.StartsWith("<") || kind.StartsWith("<=") || kind.StartsWith("<!") || end < 2) return false;
        _at += end + 2;
        return true;
    }

    private bool TryEscape()
    {
        if (_at >= _pattern.Length) return false;
        char escaped = _pattern[_at++];
        if (ClassOf(escaped) is { } members)
        {
            _output.Append('[').Append(members).Append(']');
            return true;
        }

        // References to what a group matched need an engine that goes back.
        if (escaped is (>= '1' and <= '9') or 'k') return false;
        if (escaped is 'b' or 'B') _output.Append('\\').Append(escaped);
        else AppendCharacter(escaped);
        return true;
    }

    private bool TryClass()
    {
        int start = _output.Length;
        _output.Append('[');
        bool negated = _at < _pattern.Length && _pattern[_at] == '^';
        if (negated)
        {
            _at++;
            _output.Append('^');
        }

        int first = _at;
        while (_at < _pattern.Length && _pattern[_at] != ']') if (!TryClassMember()) return false;
        if (_at >= _pattern.Length) return false;
        if (_at++ > first)
        {
            _output.Append(']');
            return true;
        }

        // A class of nothing, and its opposite: .NET has neither.
        _output.Length = start;
        _output.Append(negated ? @"[\x00-\uffff]" : @"[^\x00-\uffff]");
        return true;
    }

    private bool TryClassMember()
    {
        char next = _pattern[_at++];
        if (next != '\\')
        {
            // A range to a class is no range.
            bool literal = next is '[' or '^' || (next == '-' && _at + 1 < _pattern.Length && _pattern[_at] == '\\' && ClassOf(_pattern[_at + 1]) is not null);
            if (literal) _output.Append('\\');
            _output.Append(next);
            return true;
        }

        if (_at >= _pattern.Length) return false;
        char escaped = _pattern[_at++];
        if (ClassOf(escaped) is { } members)
        {
            _output.Append(members);
            // Nor is a range from one.
            if (_at < _pattern.Length && _pattern[_at] == '-')
            {
                _at++;
                _output.Append(@"\-");
            }

            return true;
        }

        if (escaped == 'b') _output.Append(@"\x08");
        else AppendCharacter(escaped);
        return true;
    }

    /// <summary>An escape that stands for one character.</summary>
    private void AppendCharacter(char escaped)
    {
        switch (escaped)
        {
            case 'n' or 'r' or 't' or 'v' or 'f':
                _output.Append('\\').Append(escaped);
                break;
            case '0':
                _output.Append(@"\x00");
                break;
            case 'x' when HasHex(2):
            case 'u' when HasHex(4):
                int digits = escaped == 'x' ? 2 : 4;
                _output.Append('\\').Append(escaped).Append(_pattern.Slice(_at, digits));
                _at += digits;
                break;
            case 'c' when _at < _pattern.Length && char.IsAsciiLetter(_pattern[_at]):
                _output.Append(@"\c").Append(char.ToUpperInvariant(_pattern[_at++]));
                break;
            default:
                if (char.IsAscii(escaped) && !char.IsAsciiLetterOrDigit(escaped) && escaped != '_') _output.Append('\\');
                _output.Append(escaped);
                break;
        }
    }

    private readonly bool HasHex(int digits)
    {
        if (_pattern.Length - _at < digits) return false;
        foreach (char digit in _pattern.Slice(_at, digits)) if (!char.IsAsciiHexDigit(digit)) return false;
        return true;
    }

    private static string? ClassOf(char escaped) => escaped switch
    {
        'd' => Digit,
        'D' => NoDigit,
        'w' => Word,
        'W' => NoWord,
        's' => Space,
        'S' => NoSpace,
        _ => null,
    };
}
