using System.Buffers;
using System.Text;

namespace Enclave.Guard.Unicode;

/// <summary>Finds names that look like other names.</summary>
internal static class Homoglyphs
{
    /// <summary>Scripts with letters that look alike. Characters of other scripts never make a name suspicious.</summary>
    [Flags]
    private enum Script
    {
        None = 0,
        Latin = 1,
        Cyrillic = 2,
        Greek = 4,
        Armenian = 8,
        Cherokee = 16,
        Coptic = 32,
        Lisu = 64,
        FullWidth = 128,
        Mathematical = 256,
        Phonetic = 512,
    }

    /// <summary>True if a name mixes scripts that resemble each other, or spells a name of the language with letters of another script.</summary>
    /// <param name="name">The name, its escapes decoded.</param>
    /// <param name="skeleton">The name with every confusable letter replaced by the letter that it resembles. Empty if the name is not suspicious.</param>
    /// <remarks>
    /// A name in one script is not suspicious. Neither is a name that joins Latin letters with
    /// Chinese, Arabic or other letters that do not look like Latin ones.
    /// Of Greek only letters that look Latin count, so that <c>Δx</c> and <c>π2</c> are allowed.
    /// </remarks>
    public static bool IsSuspicious(ReadOnlySpan<char> name, out string skeleton)
    {
        bool suspicious = IsSuspicious(name);
        skeleton = suspicious ? Normalize(name.ToString()) : "";
        return suspicious;
    }

    /// <summary>True if a name mixes scripts that resemble each other, or spells a name of the language with letters of another script.</summary>
    public static bool IsSuspicious(ReadOnlySpan<char> name)
    {
        if (Ascii.IsValid(name)) return false;
        Script scripts = Script.None;
        for (int at = 0; at < name.Length;)
        {
            int codePoint = TextControls.CodePointAt(name, at);
            at += codePoint > char.MaxValue ? 2 : 1;
            scripts |= ScriptOf(codePoint);
        }

        if ((scripts & ~Script.Latin) == 0) return false;
        bool mixed = (scripts & (scripts - 1)) != 0;
        return mixed || SpellsGuardedName(name);
    }

    /// <summary>Replaces every confusable letter with the ASCII character that it resembles.</summary>
    public static string Normalize(string text)
    {
        if (Ascii.IsValid(text)) return text;
        StringBuilder normal = new(text.Length);
        for (int at = 0; at < text.Length;)
        {
            int codePoint = TextControls.CodePointAt(text, at);
            int length = codePoint > char.MaxValue ? 2 : 1;
            char ascii = Confusables.AsciiOf(codePoint);
            if (ascii != '\0') normal.Append(ascii);
            else normal.Append(text, at, length);
            at += length;
        }

        return normal.ToString();
    }

    /// <summary>True if a name is not suspicious and contains no invisible character.</summary>
    public static bool IsSafe(string name)
    {
        for (int at = 0; at < name.Length;)
        {
            int codePoint = TextControls.CodePointAt(name, at);
            if (TextControls.IsInvisible(codePoint)) return false;
            at += codePoint > char.MaxValue ? 2 : 1;
        }

        return !IsSuspicious(name);
    }

    private static bool SpellsGuardedName(ReadOnlySpan<char> name)
    {
        const int Longest = 32;
        Span<char> ascii = stackalloc char[Longest];
        int length = 0;
        for (int at = 0; at < name.Length;)
        {
            int codePoint = TextControls.CodePointAt(name, at);
            at += codePoint > char.MaxValue ? 2 : 1;
            char letter = codePoint < 0x80 ? (char)codePoint : Confusables.AsciiOf(codePoint);
            if (letter == '\0' || length == Longest) return false;
            ascii[length++] = letter;
        }

        return GuardedNames.Contains(ascii[..length]);
    }

    private static Script ScriptOf(int codePoint) => codePoint switch
    {
        < 0x80 => char.IsAsciiLetter((char)codePoint) ? Script.Latin : Script.None,
        0xAA or 0xBA or (>= 0xC0 and <= 0x24F) or (>= 0x1E00 and <= 0x1EFF) => Script.Latin,
        (>= 0x250 and <= 0x2AF) or (>= 0x1D00 and <= 0x1DBF) or (>= 0xA720 and <= 0xA7FF) => OnlyConfusable(codePoint, Script.Phonetic),
        (>= 0x370 and <= 0x3FF) or (>= 0x1F00 and <= 0x1FFF) => OnlyConfusable(codePoint, Script.Greek),
        (>= 0x400 and <= 0x52F) or (>= 0x1C80 and <= 0x1C8F) or (>= 0x2DE0 and <= 0x2DFF) or (>= 0xA640 and <= 0xA69F) => Script.Cyrillic,
        >= 0x531 and <= 0x58F => Script.Armenian,
        (>= 0x13A0 and <= 0x13FF) or (>= 0xAB70 and <= 0xABBF) => Script.Cherokee,
        >= 0x2100 and <= 0x218F => OnlyConfusable(codePoint, Script.Mathematical),
        >= 0x2C80 and <= 0x2CFF => Script.Coptic,
        >= 0xA4D0 and <= 0xA4FF => Script.Lisu,
        >= 0xFF01 and <= 0xFF5E => OnlyConfusable(codePoint, Script.FullWidth),
        >= 0x1D400 and <= 0x1D7FF => Script.Mathematical,
        _ => Script.None,
    };

    private static Script OnlyConfusable(int codePoint, Script script) => Confusables.AsciiOf(codePoint) == '\0' ? Script.None : script;
}
