using System.Globalization;
using System.Text;

namespace Enclave.JavaScript.Text;

/// <summary>One line of a text with carets below a place.</summary>
public static class SourceExcerpt
{
    private const int Around = 60;

    /// <summary>The line of <paramref name="offset"/>. A long line is cut around it.</summary>
    /// <param name="length">The number of characters to mark: at least one, at most those shown.</param>
    public static string At(string source, int offset, int length = 1)
    {
        offset = Math.Clamp(offset, 0, source.Length);
        int start = offset, end = offset;
        while (start > 0 && offset - start < Around && !LineEnds.Contains(source[start - 1])) start--;
        while (end < source.Length && end - offset < Around && !LineEnds.Contains(source[end])) end++;
        var text = new StringBuilder("    ");
        if (start > 0 && !LineEnds.Contains(source[start - 1])) text.Append('…');
        int caret = text.Length + offset - start;
        for (int i = start; i < end; i++) text.Append(IsPlain(source[i]) ? source[i] : ' ');
        if (end < source.Length && !LineEnds.Contains(source[end])) text.Append('…');
        return text.Append('\n').Append(' ', caret).Append('^', Math.Clamp(length, 1, Math.Max(end - offset, 1))).ToString();
    }

    // Controls, lone surrogates and direction marks could move the caret or affect the terminal.
    private static bool IsPlain(char c) => char.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Surrogate or UnicodeCategory.Format);
}
