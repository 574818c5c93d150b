namespace Enclave.Secrets;

/// <summary>Removes line breaks, as writers of base64 and hexadecimal insert them.</summary>
internal static class LineBreaks
{
    /// <summary>True if there are any.</summary>
    public static bool Any(ReadOnlySpan<char> text) => text.IndexOfAny('\r', '\n') >= 0;

    /// <summary>The text on one line.</summary>
    public static string Off(string text) => text.Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);

    /// <summary>Removes line breaks in place. The place of each remaining character moves with it.</summary>
    /// <returns>The number of characters left.</returns>
    public static int Off(Span<char> text, Span<int> places)
    {
        int end = 0;
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] is '\r' or '\n') continue;
            (text[end], places[end]) = (text[at], places[at]);
            end++;
        }

        return end;
    }

    /// <summary>The same, with the blanks at the start of a line.</summary>
    public static int OffWithIndentation(Span<char> text, Span<int> places)
    {
        int end = 0;
        bool begins = false;
        for (int at = 0; at < text.Length; at++)
        {
            begins = text[at] is '\r' or '\n' || (begins && text[at] is ' ' or '\t');
            if (begins) continue;
            (text[end], places[end]) = (text[at], places[at]);
            end++;
        }

        return end;
    }
}
