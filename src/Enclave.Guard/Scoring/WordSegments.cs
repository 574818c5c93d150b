using System.Globalization;

namespace Enclave.Guard.Scoring;

/// <summary>Splits a name or sentence into words in lower case: at case changes, digits and all other characters that are not letters.</summary>
/// <remarks><c>APIKeyV2</c> is api, key, v. A word above 32 letters comes out empty: no known word is so long.</remarks>
internal ref struct WordSegments(ReadOnlySpan<char> text, Span<char> buffer)
{
    /// <summary>The longest word that is read.</summary>
    public const int Longest = 32;

    private readonly ReadOnlySpan<char> _text = text;
    private readonly Span<char> _buffer = buffer;
    private int _at;

    /// <summary>The word.</summary>
    public ReadOnlySpan<char> Current { get; private set; }

    /// <summary>UTF-16 units between the last word and this one.</summary>
    public int Gap { get; private set; }

    public bool MoveNext()
    {
        int end = _at;
        while (_at < _text.Length && !IsLetter(_text[_at])) _at++;
        if (_at == _text.Length) return false;
        Gap = _at - end;
        int start = _at++;
        while (_at < _text.Length && IsLetter(_text[_at]) && !StartsWord(_at)) _at++;
        ReadOnlySpan<char> word = _text[start.._at];
        Current = word.Length > Longest ? [] : _buffer[..word.ToLowerInvariant(_buffer)];
        return true;
    }

    private static bool IsLetter(char c) =>
        char.IsAsciiLetter(c) || (c > '\x7f' && (char.IsLetter(c) || CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark));

    private readonly bool StartsWord(int at) => char.IsUpper(_text[at])
        && (!char.IsUpper(_text[at - 1]) || (at + 1 < _text.Length && char.IsLower(_text[at + 1])));
}
