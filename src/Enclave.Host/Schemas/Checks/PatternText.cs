using System.Globalization;
using System.Text;

namespace Enclave.Schemas.Checks;

/// <summary>Translates a pattern of a schema, which is a regular expression of JavaScript with the flag u, to .NET.</summary>
/// <remarks>
/// Read more leniently than the flag says where authors write more leniently: a lone bracket, and a backslash before any ASCII sign, mean the character.
/// Back references, properties of scripts and syntax of other languages are not read.
/// </remarks>
internal ref struct PatternText(ReadOnlySpan<char> pattern)
{
    private const string Word = "A-Za-z0-9_";
    private const string AnyPair = @"[\ud800-\udbff][\udc00-\udfff]";
    private const int MaxRepeat = 10_000, MaxNesting = 100;

    private static readonly System.Buffers.SearchValues<char> s_name =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_$");

    private readonly ReadOnlySpan<char> _pattern = pattern;
    private readonly StringBuilder _text = new();
    private int _at;

    /// <summary>True if the translation looks around: such a pattern takes a matcher that goes back.</summary>
    public bool LooksAround { get; private set; }

    /// <summary>The pattern for .NET; null if it cannot be read.</summary>
    public string? Translate()
    {
        int open = 0;
        while (_at < _pattern.Length)
        {
            char c = _pattern[_at];
            switch (c)
            {
                case '\\':
                    if (!Escape()) return null;
                    break;
                case '[':
                    var set = new PatternClass();
                    if (!set.TryRead(_pattern, ref _at)) return null;
                    set.AppendTo(_text);
                    break;
                case '(':
                    if (++open > MaxNesting || !Group()) return null;
                    break;
                case ')':
                    if (--open < 0) return null;
                    Take(")");
                    break;
                case '.':
                    Take($@"(?:{AnyPair}|[^\n\r\u2028\u2029\ud800-\udfff])");
                    break;
                case '^':
                    Take(@"\A");
                    break;
                case '$':
                    Take(@"\z");
                    break;
                case '{':
                    if (!Repeat()) return null;
                    break;
                case '|' or '*' or '+' or '?':
                    Take(c.ToString());
                    break;
                default:
                    Character(CodePoint(_pattern, ref _at));
                    break;
            }
        }

        return open == 0 ? _text.ToString() : null;
    }

    /// <summary>The code point at a place, which moves past it.</summary>
    public static int CodePoint(ReadOnlySpan<char> text, ref int at)
    {
        char lead = text[at++];
        return char.IsHighSurrogate(lead) && at < text.Length && char.IsLowSurrogate(text[at]) ? char.ConvertToUtf32(lead, text[at++]) : lead;
    }

    /// <summary>A code point as an escape of .NET.</summary>
    public static string Escaped(int character) => character <= char.MaxValue
        ? string.Create(CultureInfo.InvariantCulture, $"\\u{character:x4}")
        : string.Concat(char.ConvertFromUtf32(character).Select((unit) => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}")));

    /// <summary>A backslash and its character, if they mean one character. The place is after the backslash.</summary>
    public static bool TryCharacter(ReadOnlySpan<char> text, ref int at, out int character)
    {
        character = 0;
        if (at >= text.Length) return false;
        char letter = text[at];
        int simple = "tnvfr".IndexOf(letter, StringComparison.Ordinal);
        if (simple >= 0)
        {
            (character, at) = ("\t\n\v\f\r"[simple], at + 1);
            return true;
        }

        switch (letter)
        {
            case '0' when at + 1 >= text.Length || !char.IsAsciiDigit(text[at + 1]):
                at++;
                return true;
            case 'c' when at + 1 < text.Length && char.IsAsciiLetter(text[at + 1]):
                (character, at) = (text[at + 1] % 32, at + 2);
                return true;
            case 'x':
                return TryHex(text, ref at, 2, out character);
            case 'u' when at + 1 < text.Length && text[at + 1] == '{':
                int end = text[at..].IndexOf('}');
                if (end is < 3 or > 8 || !int.TryParse(text[(at + 2)..(at + end)], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out character)
                    || character > 0x10FFFF) return false;
                at += end + 1;
                return true;
            case 'u':
                if (!TryHex(text, ref at, 4, out character)) return false;
                int next = at + 1;
                // A pair of escapes is one character.
                if (char.IsHighSurrogate((char)character) && at + 1 < text.Length && text[at] == '\\' && text[next] == 'u'
                    && TryHex(text, ref next, 4, out int low) && char.IsLowSurrogate((char)low))
                    (character, at) = (char.ConvertToUtf32((char)character, (char)low), next);
                return true;
            default:
                if (!char.IsAscii(letter) || char.IsAsciiLetterOrDigit(letter)) return false;
                (character, at) = (letter, at + 1);
                return true;
        }
    }

    private static bool TryHex(ReadOnlySpan<char> text, ref int at, int digits, out int character)
    {
        character = 0;
        if (at + digits >= text.Length
            || !int.TryParse(text.Slice(at + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out character)) return false;
        at += digits + 1;
        return true;
    }

    private void Take(string text)
    {
        _at++;
        _text.Append(text);
    }

    private readonly void Character(int character)
    {
        // A pair is one term: a repetition after it repeats both units.
        if (character > char.MaxValue) _text.Append("(?:").Append(Escaped(character)).Append(')');
        else _text.Append(Escaped(character));
    }

    private bool Escape()
    {
        int at = _at + 1;
        if (at >= _pattern.Length) return false;
        if (_pattern[at] is 'b' or 'B')
        {
            LooksAround = true;
            _text.Append(_pattern[at] == 'b' ? $"(?:(?<=[{Word}])(?![{Word}])|(?<![{Word}])(?=[{Word}]))"
                : $"(?:(?<=[{Word}])(?=[{Word}])|(?<![{Word}])(?![{Word}]))");
            _at = at + 1;
            return true;
        }

        var set = new PatternClass();
        if (set.TryEscape(_pattern, ref at))
        {
            set.AppendTo(_text);
            _at = at;
            return true;
        }

        if (!TryCharacter(_pattern, ref at, out int character)) return false;
        Character(character);
        _at = at;
        return true;
    }

    private bool Group()
    {
        ReadOnlySpan<char> rest = _pattern[(_at + 1)..];
        if (rest is not ['?', ..]) Take("(?:");
        else if (rest is ['?', ':', ..]) Skip(3, "(?:");
        else if (rest is ['?', '=' or '!', ..]) Look(3);
        else if (rest is ['?', '<', '=' or '!', ..]) Look(4);
        else if (rest is ['?', '<', ..] && rest.IndexOf('>') is > 2 and < 60 and var end && !rest[2..end].ContainsAnyExcept(s_name)) Skip(end + 2, "(?:");
        else return false;
        return true;
    }

    private void Look(int length)
    {
        LooksAround = true;
        Skip(length, _pattern.Slice(_at, length).ToString());
    }

    private void Skip(int length, string text)
    {
        _at += length;
        _text.Append(text);
    }

    /// <summary>A count in braces; other braces mean themselves.</summary>
    private bool Repeat()
    {
        int end = _pattern[_at..].IndexOf('}');
        ReadOnlySpan<char> inside = end < 0 ? default : _pattern.Slice(_at + 1, end - 1);
        int comma = inside.IndexOf(',');
        ReadOnlySpan<char> least = comma < 0 ? inside : inside[..comma], most = comma < 0 ? default : inside[(comma + 1)..];
        if (least.IsEmpty || least.ContainsAnyExceptInRange('0', '9') || most.ContainsAnyExceptInRange('0', '9'))
        {
            Take(@"\{");
            return true;
        }

        if (!int.TryParse(least, CultureInfo.InvariantCulture, out int from) || from > MaxRepeat) return false;
        if (!most.IsEmpty && (!int.TryParse(most, CultureInfo.InvariantCulture, out int to) || to < from || to > MaxRepeat)) return false;
        Skip(end + 1, _pattern.Slice(_at, end + 1).ToString());
        return true;
    }
}
