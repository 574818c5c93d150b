using System.Buffers;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Printing;

/// <summary>Proves that text of a tree stays within the token it is printed as. What a parser made always does; a rewriter may err.</summary>
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

    /// <summary>Whether a word after this unit would continue it. Beyond ASCII a blank too many does no harm.</summary>
    public static bool IsNamePart(char c)
    {
        bool[] parts = s_nameParts;
        return c >= (uint)parts.Length || parts[c];
    }

    /// <summary>Checks a name. Beyond ASCII only blanks and line ends divide tokens; what else is no part of a name fails to parse.</summary>
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

    /// <summary>Whether a string is more than printable ASCII, or holds a quote or a backslash.</summary>
    public static bool NeedsEscape(string value)
    {
        ReadOnlySpan<char> text = value;
        return text.ContainsAnyExceptInRange(' ', '~') || text.ContainsAny(s_special);
    }

    /// <summary>The raw text of a template element, which must not end the template or begin a substitution (ECMA-262 12.9.6).</summary>
    public static string Template(TemplateElement element)
    {
        string raw = element.Raw;
        if (!raw.AsSpan().ContainsAny(s_templateSpecial)) return raw;
        for (int i = 0; i < raw.Length; i++)
        {
            char c = raw[i];
            bool valid = c switch
            {
                // An escape takes the next unit with it.
                '\\' => ++i < raw.Length && raw[i] != '\r',
                '$' => i + 1 == raw.Length || raw[i + 1] != '{',
                _ => c is not ('`' or '\r'),
            };
            if (!valid) throw Refuse("the raw text of a template", raw);
        }

        return raw;
    }

    /// <summary>The quote that a directive's raw text can stand between (11.2.1): its text must be kept, as an escape would change what it means.</summary>
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
                // A line continuation may be of two units.
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

    /// <summary>Checks that a regular expression ends where its token does (12.9.5).</summary>
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
