using System.Globalization;
using System.Text;

namespace Enclave.Diagnostics;

/// <summary>Tells characters that a person sees from those that only a program or a model reads: controls, tags, marks of direction, private ones.</summary>
internal static class VisibleText
{
    public static bool IsShown(Rune rune) => IsShown(Rune.GetUnicodeCategory(rune));

    public static bool IsShown(UnicodeCategory category) =>
        category is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
