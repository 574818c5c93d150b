using System.Buffers;

namespace Enclave.Guard.Unicode;

/// <summary>Invisible characters that change how text looks.</summary>
internal static class TextControls
{
    // Default_Ignorable_Code_Point (UAX 44), as first and last of each range.
    private static readonly (int First, int Last)[] s_invisible =
    [
        (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F),
        (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8),
        (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
    ];

    private static readonly SearchValues<char> s_bidi = SearchValues.Create("\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069");

    /// <summary>The offset of the first character that embeds, overrides or isolates a direction, so that text can be shown in another order than the
    /// engine reads it; -1 if there is none.</summary>
    /// <remarks>
    /// The marks U+200E, U+200F and U+061C are not included: they cannot move text across tokens, and ordinary Arabic and Hebrew contain them.
    /// In code they count as invisible characters.
    /// </remarks>
    public static int IndexOfBidiControl(ReadOnlySpan<char> text) => text.IndexOfAny(s_bidi);

    /// <summary>True if a code point is invisible.</summary>
    public static bool IsInvisible(int codePoint)
    {
        if (codePoint < 0xAD) return false;
        foreach ((int first, int last) in s_invisible)
        {
            if (codePoint < first) return false;
            if (codePoint <= last) return true;
        }

        return false;
    }

    /// <summary>The code point at an offset. A lone surrogate is returned as itself.</summary>
    public static int CodePointAt(ReadOnlySpan<char> text, int at)
    {
        char c = text[at];
        return char.IsHighSurrogate(c) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]) ? char.ConvertToUtf32(c, text[at + 1]) : c;
    }
}
