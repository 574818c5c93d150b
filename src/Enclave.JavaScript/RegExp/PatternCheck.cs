using System.Buffers;
using System.Globalization;
using System.Text;

namespace Enclave.JavaScript.RegExp;

/// <summary>Checks one pattern by one grammar. Each production is a method that moves past its text, or fails and returns false.</summary>
/// <remarks>Groups are on a separate stack and nested classes recurse. Both are bounded, so no pattern is too deep for the thread.</remarks>
internal ref partial struct PatternCheck
{
    /// <summary>Deepest nesting of groups and classes together.</summary>
    public const int MaxNesting = 250;

    private const int MaxShown = 40;

    /// <summary>The value of a term that stands for more than one character.</summary>
    private const int NoCharacter = -1;

    private static readonly SearchValues<char> s_syntaxCharacters = SearchValues.Create(@"^$\.*+?()[]{}|");
    private readonly ReadOnlySpan<char> _pattern;
    private readonly RegExpMode _mode;
    private readonly NamedReferences _references;
    private readonly Span<OpenGroup> _open;
    private GroupNames? _names;
    private int _at;
    private int _groupDepth;
    private int _classDepth;
    private int _captures;
    private bool _sawLegacyK;
    private int _largestReference;
    private int _largestReferenceAt;

    public PatternCheck(ReadOnlySpan<char> pattern, RegExpMode mode, NamedReferences references, Span<OpenGroup> open)
    {
        _pattern = pattern;
        _mode = mode;
        _references = references;
        _open = open;
        _open[0] = new OpenGroup(0, Quantifiable.No, 0, 0);
    }

    /// <summary>The fault of the pattern, after <see cref="Run"/> returned false.</summary>
    public RegExpFault? Fault { get; private set; }

    /// <summary>True if the pattern named a group and had a <c>\k</c> that was read as a letter.</summary>
    public readonly bool RereadsWithNames => _sawLegacyK && _names is not null;

    private readonly bool IsLegacy => _mode == RegExpMode.Legacy;

    private readonly bool AtEnd => _at >= _pattern.Length;

    /// <summary>A character of a text for messages.</summary>
    public static string Quote(ReadOnlySpan<char> text, int offset)
    {
        if (offset >= text.Length) return "the end";
        _ = Rune.DecodeFromUtf16(text[offset..], out Rune rune, out int units);
        // Controls and lone surrogates are invisible and could affect a terminal.
        bool shown = rune != Rune.ReplacementChar
            && Rune.GetUnicodeCategory(rune) is not (>= UnicodeCategory.LineSeparator and <= UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
        return shown ? $"'{text.Slice(offset, units)}'" : string.Create(CultureInfo.InvariantCulture, $"U+{(int)text[offset]:X4}");
    }

    /// <summary>The beginning of a text, without characters that could move a terminal's cursor.</summary>
    private static string Shorten(ReadOnlySpan<char> text)
    {
        var shown = new StringBuilder();
        foreach (Rune rune in text[..Math.Min(text.Length, MaxShown)].EnumerateRunes()) shown.Append(Rune.IsControl(rune) ? Rune.ReplacementChar : rune);
        if (text.Length > MaxShown) shown.Append('…');
        return shown.ToString();
    }

    private readonly string Found(int offset) => offset >= _pattern.Length ? "the pattern's end" : Quote(_pattern, offset);

    /// <summary>The unit at a distance. NUL beyond the end, which no production accepts.</summary>
    private readonly char Peek(int distance = 0) => _at + distance < _pattern.Length ? _pattern[_at + distance] : '\0';

    private bool Eat(char c)
    {
        if (Peek() != c || AtEnd) return false;
        _at++;
        return true;
    }

    /// <summary>The next character: a code point under u and v, otherwise a unit.</summary>
    private int NextCharacter() => IsLegacy ? _pattern[_at++] : NextCodePoint();

    private int NextCodePoint()
    {
        char lead = _pattern[_at++];
        if (!char.IsHighSurrogate(lead) || !char.IsLowSurrogate(Peek())) return lead;
        return char.ConvertToUtf32(lead, _pattern[_at++]);
    }

    /// <summary>Reads exactly this many hexadecimal digits, or nothing.</summary>
    private bool TryHex(int digits, out int value)
    {
        value = 0;
        for (int i = 0; i < digits; i++)
        {
            if (!char.IsAsciiHexDigit(Peek(i))) return false;
            value = (value << 4) | HexValue(Peek(i));
        }

        _at += digits;
        return true;
    }

    private static int HexValue(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private bool Fail(int offset, string message)
    {
        Fault = new RegExpFault(RegExpPart.Pattern, offset, $"Invalid regular expression: {message}");
        return false;
    }
}
