using System.Globalization;
using System.Text;

namespace Enclave.Reports;

/// <summary>Distinguishes visible characters from those that only a program or a model reads: controls, tags, marks of direction, private ones.</summary>
internal static class VisibleText
{
    public static bool IsShown(Rune rune) => IsShown(Rune.GetUnicodeCategory(rune));

    public static bool IsShown(UnicodeCategory category) =>
        category is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    /// <summary>Appends the character at a place as JavaScript writes it in a text, if it is not shown, ends a line, or begins an escape.</summary>
    /// <returns>The number of its UTF-16 units.</returns>
    public static int AppendEscaped(StringBuilder to, string text, int at)
    {
        if (Rune.TryGetRuneAt(text, at, out Rune rune) && !rune.IsBmp)
        {
            if (IsShown(rune)) to.Append(rune.ToString());
            else to.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
            return 2;
        }

        char c = text[at];
        _ = c switch
        {
            '\\' => to.Append("\\\\"),
            '\n' => to.Append("\\n"),
            // Half a character is not text; a rune would replace it.
            _ when char.IsSurrogate(c) || !IsShown(rune) => to.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
            _ => to.Append(c),
        };
        return 1;
    }
}
