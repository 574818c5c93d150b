using System.Globalization;
using System.Text;
using Enclave.Diagnostics;

namespace Enclave.Models;

/// <summary>Writes names and texts in TypeScript.</summary>
internal static class TypeScriptText
{
    /// <summary>A text in single quotes.</summary>
    public static string Quoted(string text)
    {
        var quoted = new StringBuilder("'");
        // Lone surrogates are matched as chars, since runes would replace them.
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (Rune.TryGetRuneAt(text, i, out Rune rune) && !rune.IsBmp)
            {
                i++;
                if (VisibleText.IsShown(rune)) quoted.Append(rune.ToString());
                else quoted.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
                continue;
            }

            _ = c switch
            {
                '\'' or '\\' => quoted.Append('\\').Append(c),
                '\n' => quoted.Append("\\n"),
                // Line separators end a line in JavaScript too, and a lone surrogate is not text.
                _ when char.IsSurrogate(c) || !VisibleText.IsShown(rune) => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('\'').ToString();
    }

    /// <summary>The name of a member, in quotes if necessary.</summary>
    public static string Member(string name) => IsIdentifier(name) ? name : Quoted(name);

    /// <summary>A text for the inside of a comment: on one line, without invisible characters, and unable to end the comment.</summary>
    public static string Comment(string text)
    {
        var comment = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029) comment.Append(' ');
            else if (VisibleText.IsShown(rune)) comment.Append(rune.ToString());
        }

        return comment.Replace("*/", "* /").ToString().Trim();
    }

    private static bool IsIdentifier(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All((c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '$');
}
