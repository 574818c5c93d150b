using System.Buffers;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Printing;

/// <summary>Proves that text from a tree stays within its token. Text from the parser always does; a rewriter may make mistakes.</summary>
internal static class Checked
{
    private static readonly SearchValues<char> s_special = SearchValues.Create("\"'\\");
    private static readonly SearchValues<char> s_templateSpecial = SearchValues.Create("`$\\\r");
    private static readonly SearchValues<char> s_regExpSpecial = SearchValues.Create("/\\[" + LineEnds.All);
    private static readonly bool[] s_nameParts = NameParts();

    private static bool[] NameParts()
    {
        var parts = new bool[128];
        for (char c = '\0'; c < parts.Length; c++) parts[c] = char.IsAsciiLetterOrDigit(c) || c is '$' or '_';
        return parts;
    }

    /// <summary>True if a word behind this unit would continue it. Beyond ASCII it may be wrongly true: an extra blank does no harm.</summary>
    public static bool IsNamePart(char c)
    {
        bool[] parts = s_nameParts;
        return c >= (uint)parts.Length || parts[c];
    }

    /// <summary>Checks a name. Beyond ASCII only blanks and line ends divide tokens; any other invalid character makes the output unparsable.</summary>
    public static void Name(string name)
    {
        bool[] parts = s_nameParts;
        bool valid = name.Length > 0 && !char.IsAsciiDigit(name[0]);
        foreach (char c in name)
        {
            if (c < (uint)parts.Length ? !parts[c] : char.IsWhiteSpace(c) || c == '\uFEFF') valid = false;
        }

        if (!valid) throw Refuse("a name", name);
    }

    public static void BigInt(string digits)
    {
        bool valid = digits.Length > 0 && char.IsAsciiDigit(digits[0]);
        foreach (char c in digits) valid &= char.IsAsciiLetterOrDigit(c);
        if (!valid) throw Refuse("a big integer", digits);
    }

    /// <summary>True if a string has other characters than printable ASCII, or contains a quote or a backslash.</summary>
    public static bool NeedsEscape(string value)
    {
        ReadOnlySpan<char> text = value;
        return text.ContainsAnyExceptInRange(' ', '~') || text.ContainsAny(s_special);
    }

    /// <summary>The raw text of a template element. It must neither end the template nor begin a substitution (ECMA-262 12.9.6).</summary>
    public static string Template(TemplateElement element)
    {
        string raw = element.Raw;
        if (!raw.AsSpan().ContainsAny(s_templateSpecial)) return raw;
        for (int i = 0; i < raw.Length; i++)
        {
            char c = raw[i];
            bool valid = c switch
            {
                // An escape includes the next unit.
                '\\' => ++i < raw.Length && raw[i] != '\r',
                '$' => i + 1 == raw.Length || raw[i + 1] != '{',
                _ => c is not ('`' or '\r'),
            };
            if (!valid) throw Refuse("the raw text of a template", raw);
        }

        return raw;
    }

    /// <summary>The quote for a directive's raw text (11.2.1). The text must stay unchanged, because an escape would change its meaning.</summary>
    public static char DirectiveQuote(string raw)
    {
        bool hasDouble = false, hasSingle = false;
        for (int i = 0; i < raw.Length; i++)
        {
            char c = raw[i];
            bool valid = true;
            if (c == '\\')
            {
                i++;
                valid = i < raw.Length;
                // A line continuation may consist of two units.
                if (valid && raw[i] == '\r' && i + 1 < raw.Length && raw[i + 1] == '\n') i++;
            }
            else
            {
                hasDouble |= c == '"';
                hasSingle |= c == '\'';
                valid = c is not ('\n' or '\r');
            }

            if (!valid) throw Refuse("a directive", raw);
        }

        if (hasDouble && hasSingle) throw Refuse("a directive", raw);
        return hasDouble ? '\'' : '"';
    }

    /// <summary>Checks that a regular expression ends with its token (12.9.5).</summary>
    public static void RegExp(string pattern, string flags)
    {
        bool valid = pattern.Length > 0 && pattern[0] != '*' && IsRegExpBody(pattern);
        foreach (char c in flags) valid &= char.IsAsciiLetter(c);
        if (!valid) throw Refuse("a regular expression", pattern);
    }

    private static bool IsRegExpBody(ReadOnlySpan<char> pattern)
    {
        if (!pattern.ContainsAny(s_regExpSpecial)) return true;
        bool inClass = false;
        for (int i = 0; i < pattern.Length; i++)
        {
            char c = pattern[i];
            if (c == '\\' && ++i == pattern.Length) return false;
            if (LineEnds.Contains(pattern[i])) return false;
            if (c == '[') inClass = true;
            else if (c == ']') inClass = false;
            else if (c == '/' && !inClass) return false;
        }

        return !inClass;
    }

    private static InvalidOperationException Refuse(string what, string text)
    {
        const int Shown = 40;
        string shown = text.Length > Shown ? string.Concat(text.AsSpan(0, Shown), "…") : text;
        return new InvalidOperationException($"'{shown}' cannot be printed as {what}: it would not stay within its token");
    }
}
