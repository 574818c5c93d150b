using System.Globalization;
using System.Text;

namespace Enclave.Cli.Terminals;

/// <summary>Makes untrusted text safe for a terminal.</summary>
internal static class Printable
{
    /// <summary>Escapes control characters. Otherwise a script could move the cursor, set the title or overwrite earlier output.</summary>
    public static string Escape(string text)
    {
        int first = text.AsSpan().IndexOfAny(s_controls);
        if (first < 0) return text;
        var escaped = new StringBuilder(text, 0, first, text.Length + 16);
        foreach (char c in text.AsSpan(first))
        {
            if (s_controls.Contains(c)) escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else escaped.Append(c);
        }

        return escaped.ToString();
    }

    // C0 without tab and line feed, delete, C1, and the marks that change the direction of text.
    private static readonly System.Buffers.SearchValues<char> s_controls = System.Buffers.SearchValues.Create(
    [
        .. Enumerable.Range(0, 0x20).Where((c) => c is not ('\t' or '\n')).Select((c) => (char)c),
        .. Enumerable.Range(0x7f, 0x21).Select((c) => (char)c),
        '\u202a', '\u202b', '\u202c', '\u202d', '\u202e', '\u2066', '\u2067', '\u2068', '\u2069',
    ]);
}
