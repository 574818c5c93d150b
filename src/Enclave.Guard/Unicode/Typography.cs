using System.Buffers;
using System.Text;

namespace Enclave.Guard.Unicode;

/// <summary>
/// Replaces signs that only look like those of JavaScript: wide brackets, dashes, arrows, invisible characters. Only for a text that does not parse. Strings
/// and comments are not changed.
/// </summary>
internal static class Typography
{
    private const string Invisible = "\u200b\u200c\u200d\u2060\ufeff\u00ad";

    private static readonly SearchValues<char> s_signs =
        SearchValues.Create("\uff1b\uff08\uff09\uff0c\uff1a\uff5b\uff5d\uff1d\uff0b\uff0d\uff0a\uff0f\uff01\uff1f\uff0e\uff1e\uff1c\uff3b\uff3d"
            + "\u3002\u3001\u3000"
            + "\u2013\u2014\u2212\u2010\u2011\u00d7\u00f7\u2260\u2264\u2265\u21d2\u2192" + Invisible);

    /// <summary>True if a text has such a sign.</summary>
    public static bool IsIn(ReadOnlySpan<char> text) => text.ContainsAny(s_signs);

    /// <summary>The sign of JavaScript that a character looks like; null if it looks like none. Empty for an invisible one.</summary>
    public static string? PlainOf(char sign) => sign switch
    {
        // The wide forms have the order of ASCII.
        >= '\uff01' and <= '\uff5d' => ((char)(sign - 0xfee0)).ToString(),
        '\u3002' => ".",
        '\u3001' => ",",
        '\u3000' => " ",
        '\u2013' or '\u2014' or '\u2212' or '\u2010' or '\u2011' => "-",
        '\u00d7' => "*",
        '\u00f7' => "/",
        '\u2260' => "!==",
        '\u2264' => "<=",
        '\u2265' => ">=",
        '\u21d2' or '\u2192' => "=>",
        '\u201c' or '\u201d' or '\u201e' => "\"",
        '\u2018' or '\u2019' or '\u201a' => "'",
        _ => Invisible.Contains(sign, StringComparison.Ordinal) ? "" : null,
    };

    /// <summary>The text with the signs of JavaScript in their place.</summary>
    public static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        char quote = '\0';
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (quote != '\0')
            {
                plain.Append(c);
                if (c == '\\' && i + 1 < text.Length) plain.Append(text[++i]);
                else if (c == quote || (c == '\n' && quote != '`')) quote = '\0';
                continue;
            }

            int comment = text.AsSpan(i).StartsWith("//") ? text.IndexOf('\n', i)
                : text.AsSpan(i).StartsWith("/*") ? text.IndexOf("*/", i + 2, StringComparison.Ordinal) : i;
            if (comment != i)
            {
                int end = comment < 0 ? text.Length : comment;
                plain.Append(text, i, end - i);
                i = end - 1;
                continue;
            }

            if (c is '\'' or '"' or '`') quote = c;
            if (s_signs.Contains(c)) plain.Append(PlainOf(c));
            else plain.Append(c);
        }

        return plain.ToString();
    }
}
