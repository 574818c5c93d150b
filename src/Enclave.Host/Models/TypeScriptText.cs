using System.Globalization;
using System.Text;

namespace Enclave.Models;

/// <summary>Writes names and texts in TypeScript.</summary>
internal static class TypeScriptText
{
    /// <summary>A text in single quotes.</summary>
    public static string Quoted(string text)
    {
        var quoted = new StringBuilder("'");
        foreach (char c in text)
        {
            _ = c switch
            {
                '\'' or '\\' => quoted.Append('\\').Append(c),
                '\n' => quoted.Append("\\n"),
                // Line separators end a line in JavaScript too, and a lone surrogate is not text.
                < ' ' or '\u007f' or '\u2028' or '\u2029' => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ when char.IsSurrogate(c) => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('\'').ToString();
    }

    /// <summary>The name of a member, in quotes if necessary.</summary>
    public static string Member(string name) => IsIdentifier(name) ? name : Quoted(name);

    /// <summary>A text for the inside of a comment: on one line, and unable to end the comment.</summary>
    public static string Comment(string text)
    {
        var comment = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes()) comment.Append(Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029 ? " " : rune.ToString());
        return comment.Replace("*/", "* /").ToString().Trim();
    }

    private static bool IsIdentifier(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All((c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '$');
}
