using System.Globalization;
using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Printing;

/// <summary>Names, literals and templates.</summary>
internal static class LiteralPrinter
{
    /// <summary>Prints a reference or a binding.</summary>
    public static void PrintIdentifier(TreePrinter p, Identifier node)
    {
        // 14.5, 14.7: "let" begins a declaration at these places, or looks like one.
        if ((p.Length == p.StatementStart || p.Length == p.HeadStart) && node.Name == "let")
        {
            p.Write('(');
            PrintName(p, node);
            p.Write(')');
            return;
        }

        PrintName(p, node);
    }

    public static void PrintName(TreePrinter p, Identifier node)
    {
        Checked.Name(node.Name);
        p.Word(node.Name, node);
    }

    public static void PrintPrivateName(TreePrinter p, PrivateIdentifier node)
    {
        Checked.Name(node.Name);
        p.Mark(node.Start);
        p.Write('#');
        p.Write(node.Name);
    }

    public static void PrintNumber(TreePrinter p, NumberLiteral node)
    {
        double value = node.Value;
        if (double.IsNegative(value) && !double.IsNaN(value))
        {
            p.SeparateOperator('-');
            p.Mark(node.Start);
            p.Write('-');
            value = -value;
        }
        else
        {
            p.SeparateWord();
            p.Mark(node.Start);
        }

        p.WriteNumber(value);
    }

    public static void PrintBigInt(TreePrinter p, BigIntLiteral node)
    {
        Checked.BigInt(node.Digits);
        p.Word(node.Digits, node);
        p.Write('n');
    }

    public static void PrintRegExp(TreePrinter p, RegExpLiteral node)
    {
        Checked.RegExp(node.Pattern, node.Flags);
        p.SeparateWord();
        p.SeparateOperator('/');
        p.Mark(node.Start);
        p.Write('/');
        p.Write(node.Pattern);
        p.Write('/');
        p.Write(node.Flags);
        p.RegExpEnd = p.Length;
    }

    public static void PrintTemplate(TreePrinter p, TemplateLiteral node)
    {
        p.Mark(node.Start);
        p.Write('`');
        for (int i = 0; i < node.Quasis.Length; i++)
        {
            if (i > 0)
            {
                p.Write("${");
                ExpressionPrinter.Print(p, node.Expressions[i - 1], Level.Sequence);
                p.Write('}');
            }

            p.Write(Checked.Template(node.Quasis[i]));
        }

        p.Write('`');
    }

    public static void PrintString(TreePrinter p, StringLiteral node)
    {
        p.Mark(node.Start);
        string value = node.Value;
        if (!Checked.NeedsEscape(value))
        {
            p.Write('"');
            p.Write(value);
            p.Write('"');
            return;
        }

        ReadOnlySpan<char> text = value;
        char quote = text.Count('"') > text.Count('\'') ? '\'' : '"';
        p.Write(quote);
        for (int i = 0; i < text.Length; i++) PrintUnit(p, text, i, quote);
        p.Write(quote);
    }

    /// <summary>Prints a unit of a string, escaped if it must be (ECMA-262 12.9.4).</summary>
    private static void PrintUnit(TreePrinter p, ReadOnlySpan<char> text, int at, char quote)
    {
        char unit = text[at];
        if (unit == quote || unit == '\\')
        {
            p.Write('\\');
            p.Write(unit);
        }
        else if (char.IsSurrogate(unit) ? !IsPaired(text, at) : unit is '\u2028' or '\u2029')
        {
            PrintEscape(p, "\\u", unit, "x4");
        }
        else if (char.IsControl(unit))
        {
            PrintControl(p, unit, at + 1 < text.Length ? text[at + 1] : '\0');
        }
        else
        {
            p.Write(unit);
        }
    }

    private static void PrintControl(TreePrinter p, char unit, char next)
    {
        switch (unit)
        {
            case '\b': p.Write("\\b"); break;
            case '\t': p.Write("\\t"); break;
            case '\n': p.Write("\\n"); break;
            case '\v': p.Write("\\v"); break;
            case '\f': p.Write("\\f"); break;
            case '\r': p.Write("\\r"); break;
            // Before a digit it would be an octal escape.
            case '\0' when !char.IsAsciiDigit(next): p.Write("\\0"); break;
            default: PrintEscape(p, "\\x", unit, "x2"); break;
        }
    }

    private static void PrintEscape(TreePrinter p, string prefix, char unit, string format)
    {
        Span<char> hex = stackalloc char[4];
        ((int)unit).TryFormat(hex, out int written, format, CultureInfo.InvariantCulture);
        p.Write(prefix);
        for (int i = 0; i < written; i++) p.Write(hex[i]);
    }

    private static bool IsPaired(ReadOnlySpan<char> text, int at) =>
        char.IsHighSurrogate(text[at])
            ? at + 1 < text.Length && char.IsLowSurrogate(text[at + 1])
            : at > 0 && char.IsHighSurrogate(text[at - 1]);
}
