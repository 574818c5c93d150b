using System.Text;
using Enclave.Reports;

namespace Enclave.Models;

/// <summary>Writes names and texts in TypeScript.</summary>
internal static class TypeScriptText
{
    /// <summary>A text in single quotes.</summary>
    public static string Quoted(string text)
    {
        var quoted = new StringBuilder("'");
        for (int i = 0; i < text.Length;)
        {
            if (text[i] != '\'')
            {
                i += VisibleText.AppendEscaped(quoted, text, i);
                continue;
            }

            quoted.Append("\\'");
            i++;
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
