using System.Globalization;
using System.Net;

namespace Enclave.Secrets;

/// <summary>
/// Removes one layer of escapes from a text: percent-encoding (a byte is a character of Latin-1), <c>+</c> for a blank, escapes of JSON and JavaScript
/// strings, and HTML's references. Digits may be in either case.
/// </summary>
internal static class Escapes
{
    /// <summary>The longest escape that is read: <c>&amp;thetasym;</c>, or a number with zeros before it.</summary>
    public const int MaxCharacters = 12;

    /// <summary>True if there may be escapes.</summary>
    public static bool Any(ReadOnlySpan<char> text) => text.IndexOfAny("%\\&+") >= 0;

    /// <summary>A text without its outermost layer.</summary>
    public static string Off(string text)
    {
        char[] letters = text.ToCharArray();
        int[] places = new int[letters.Length];
        return new string(letters, 0, Off(letters, places));
    }

    /// <summary>Removes the outermost layer of escapes in place. Each character keeps the place at which it began in the text.</summary>
    /// <returns>The number of characters left.</returns>
    public static int Off(Span<char> text, Span<int> places)
    {
        int end = 0;
        for (int at = 0; at < text.Length;)
        {
            (int length, char letter) = One(text[at..]);
            (text[end], places[end]) = (letter, places[at]);
            end++;
            at += length;
        }

        return end;
    }

    private static (int Length, char Letter) One(ReadOnlySpan<char> text) => text[0] switch
    {
        '+' => (1, ' '),
        '%' when Hex(text, 1, 2) is { } octet => (3, (char)octet),
        '\\' when text.Length > 1 => Backslash(text),
        '&' => Reference(text),
        var letter => (1, letter),
    };

    private static (int Length, char Letter) Backslash(ReadOnlySpan<char> text) => text[1] switch
    {
        'u' when Hex(text, 2, 4) is { } unit => (6, (char)unit),
        'x' when Hex(text, 2, 2) is { } unit => (4, (char)unit),
        'b' => (2, '\b'),
        'f' => (2, '\f'),
        'n' => (2, '\n'),
        'r' => (2, '\r'),
        't' => (2, '\t'),
        '"' or '\'' or '/' or '\\' or '`' => (2, text[1]),
        _ => (1, '\\'),
    };

    private static (int Length, char Letter) Reference(ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> near = text[..Math.Min(text.Length, MaxCharacters)];
        int end = near.IndexOf(';');
        if (end < 2) return (1, '&');
        // Another reference begins before this one ends.
        if (near[1..end].Contains('&')) return (1, '&');
        string read = WebUtility.HtmlDecode(near[..(end + 1)].ToString());
        // A character beyond 16 bits is not decoded, because the search compares single UTF-16 units.
        return read.Length == 1 ? (end + 1, read[0]) : (1, '&');
    }

    private static int? Hex(ReadOnlySpan<char> text, int at, int digits) =>
        text.Length >= at + digits && int.TryParse(text.Slice(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value)
            ? value
            : null;
}
