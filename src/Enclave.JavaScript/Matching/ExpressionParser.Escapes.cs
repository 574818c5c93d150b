using System.Globalization;
using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Matching;

/// <summary>Escapes and classes of characters.</summary>
internal sealed partial class ExpressionParser
{
    private static readonly (int First, int Last)[] s_digit = [('0', '9')];
    private static readonly (int First, int Last)[] s_word = [('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];
    private static readonly (int First, int Last)[] s_space = [('\t', '\r'), (' ', ' '), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029),
        (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF)];
    private static readonly (int First, int Last)[] s_lineEnd = [('\n', '\n'), ('\r', '\r'), (0x2028, 0x2029)];

    private ExpressionNode? ReadEscape()
    {
        if (IsAtEnd) return null;
        char escaped = pattern[_at++];
        if (TryClass(escaped, out Members members)) return Set(members.Ranges, negated: false);
        return escaped switch
        {
            'b' => new ExpressionNode.Position(ExpressionStepKind.Boundary),
            'B' => new ExpressionNode.Position(ExpressionStepKind.NoBoundary),
            // References to groups need backtracking.
            (>= '1' and <= '9') or 'k' => null,
            _ => Character(escaped) is { } character ? One(character) : null,
        };
    }

    private ExpressionNode.Character? ReadClass()
    {
        bool negated = Take('^');
        var ranges = new List<(int First, int Last)>();
        while (!Take(']'))
        {
            if (ReadMember() is not { } first) return null;
            ranges.AddRange(first.Ranges);
            if (_at + 1 >= pattern.Length || pattern[_at] != '-' || pattern[_at + 1] == ']') continue;
            _at++;
            if (ReadMember() is not { } last) return null;
            if (first.One is { } from && last.One is { } to)
            {
                if (from > to) return null;
                ranges.Add((from, to));
                continue;
            }

            // A hyphen next to a class does not form a range.
            if (_isUnicode) return null;
            ranges.Add(('-', '-'));
            ranges.AddRange(last.Ranges);
        }

        return Set(ranges, negated);
    }

    /// <summary>Reads one member of a class: a character, or an escape for several.</summary>
    private Members? ReadMember()
    {
        if (IsAtEnd) return null;
        int character = ReadCharacter();
        if (character != '\\') return Members.Of(character);
        if (IsAtEnd) return null;
        char escaped = pattern[_at++];
        if (TryClass(escaped, out Members members)) return members;
        if (escaped == 'b') return Members.Of('\b');
        return Character(escaped) is { } one ? Members.Of(one) : null;
    }

    /// <summary>The character that an escape stands for; reads further characters if they belong to it. Null if it stands for none.</summary>
    private int? Character(char escaped)
    {
        switch (escaped)
        {
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'v': return '\v';
            case 'f': return '\f';
            case '0' when _isUnicode: return IsAtEnd || !char.IsAsciiDigit(pattern[_at]) ? 0 : null;
            case >= '0' and <= '7' when !_isUnicode: return Octal();
            case 'x' when TryHex(2, out int two): return two;
            case 'u' when _isUnicode && Take('{'): return BracedCodePoint();
            case 'u' when TryHex(4, out int four): return Joined(four);
            case 'c' when !IsAtEnd && char.IsAsciiLetter(pattern[_at]): return pattern[_at++] & 31;
            case 'c' when !_isUnicode:
                // The backslash stands for itself, and the letter is read again.
                _at--;
                return '\\';
            default: return !_isUnicode || (char.IsAscii(escaped) && !char.IsAsciiLetterOrDigit(escaped)) ? escaped : null;
        }
    }

    /// <summary>Reads up to three octal digits, the first of which was already read, while the value fits a byte.</summary>
    private int Octal()
    {
        int value = pattern[_at - 1] - '0';
        for (int more = 0; more < 2 && _at < pattern.Length && pattern[_at] is >= '0' and <= '7' && (value * 8) + pattern[_at] - '0' <= byte.MaxValue; more++)
            value = (value * 8) + pattern[_at++] - '0';
        return value;
    }

    /// <summary>Reads <c>61}</c> of <c>\u{61}</c>.</summary>
    private int? BracedCodePoint()
    {
        int end = pattern.IndexOf('}', _at);
        if (end < 0 || end - _at is < 1 or > 6 || !int.TryParse(pattern.AsSpan(_at, end - _at), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
            out int value) || value > 0x10FFFF) return null;
        _at = end + 1;
        return value;
    }

    /// <summary>With the flag <c>u</c> a pair of escapes is one character.</summary>
    private int Joined(int unit)
    {
        int at = _at;
        if (!_isUnicode || !char.IsHighSurrogate((char)unit)) return unit;
        if (Take('\\') && Take('u') && TryHex(4, out int low) && char.IsLowSurrogate((char)low)) return char.ConvertToUtf32((char)unit, (char)low);
        _at = at;
        return unit;
    }

    private bool TryHex(int digits, out int value)
    {
        value = 0;
        if (pattern.Length - _at < digits
            || !int.TryParse(pattern.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)) return false;
        _at += digits;
        return true;
    }

    /// <summary>Reads an escape for several characters, as <c>\d</c>; false for another escape.</summary>
    private bool TryClass(char escaped, out Members members)
    {
        (int First, int Last)[]? ranges = char.ToLowerInvariant(escaped) switch
        {
            'd' => s_digit,
            'w' => s_word,
            's' => s_space,
            _ => null,
        };
        if (ranges is null && _isUnicode && escaped is ('p' or 'P') && !IsAtEnd && pattern[_at] == '{' && pattern.IndexOf('}', _at) is > 0 and var end)
        {
            ranges = UnicodeSets.Find(pattern[(_at + 1)..end]);
            if (ranges is not null) _at = end + 1;
        }

        members = new Members(ranges is null ? [] : char.IsAsciiLetterUpper(escaped) ? CharacterSet.Others(ranges) : ranges, null);
        return ranges is not null;
    }

    /// <summary>The characters that one member of a class adds to it.</summary>
    private readonly record struct Members(IEnumerable<(int First, int Last)> Ranges, int? One)
    {
        public static Members Of(int character) => new([(character, character)], character);
    }
}
