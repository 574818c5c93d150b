namespace Enclave.Secrets;

/// <summary>Takes line breaks out of a text, as writers of base64 and hexadecimal put them in.</summary>
internal static class LineBreaks
{
    /// <summary>True if there are any.</summary>
    public static bool Any(ReadOnlySpan<char> text) => text.IndexOfAny('\r', '\n') >= 0;

    /// <summary>A text in one line.</summary>
    public static string Off(string text) => text.Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);

    /// <summary>Takes them out in place. Each of the places stays with the character that begins there.</summary>
    /// <returns>How many characters are left.</returns>
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

    /// <summary>The same, with the blanks that a line begins with.</summary>
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
