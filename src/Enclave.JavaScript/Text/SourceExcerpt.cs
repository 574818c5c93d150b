using System.Text;

namespace Enclave.JavaScript.Text;

/// <summary>One line of a text with a caret below a place.</summary>
internal static class SourceExcerpt
{
    private const int Around = 60;

    public static string At(string source, int offset)
    {
        offset = Math.Clamp(offset, 0, source.Length);
        int start = offset, end = offset;
        while (start > 0 && offset - start < Around && !IsLineEnd(source[start - 1])) start--;
        while (end < source.Length && end - offset < Around && !IsLineEnd(source[end])) end++;
        var text = new StringBuilder("    ");
        if (start > 0 && !IsLineEnd(source[start - 1])) text.Append('…');
        int caret = text.Length + offset - start;
        // Controls and lone surrogates could move the caret, or the terminal.
        for (int i = start; i < end; i++) text.Append(char.IsControl(source[i]) || char.IsSurrogate(source[i]) ? ' ' : source[i]);
        if (end < source.Length && !IsLineEnd(source[end])) text.Append('…');
        return text.Append('\n').Append(' ', caret).Append('^').ToString();
    }

    private static bool IsLineEnd(char c) => c is '\n' or '\r' or '\u2028' or '\u2029';
}
