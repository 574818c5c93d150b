using System.Globalization;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Printing;

internal sealed partial class TreePrinter
{
    /// <summary>Prints a reference or a binding.</summary>
    private void PrintIdentifier(Identifier node)
    {
        // 14.5, 14.7: "let" begins a declaration at these places, or looks like one.
        if ((_length == _statementStart || _length == _headStart) && node.Name == "let")
        {
            Write('(');
            PrintName(node);
            Write(')');
            return;
        }

        PrintName(node);
    }

    private void PrintName(Identifier node)
    {
        Checked.Name(node.Name);
        Word(node.Name, node);
    }

    private void PrintPrivateName(PrivateIdentifier node)
    {
        Checked.Name(node.Name);
        Mark(node.Start);
        Write('#');
        Write(node.Name);
    }

    private void PrintNumber(NumberLiteral node)
    {
        double value = node.Value;
        if (double.IsNegative(value) && !double.IsNaN(value))
        {
            SeparateOperator('-');
            Mark(node.Start);
            Write('-');
            value = -value;
        }
        else
        {
            SeparateWord();
            Mark(node.Start);
        }

        if (NumberText.MaxLength > _buffer.Length - _length) Grow(NumberText.MaxLength);
        int written = WriteNumber(value, _buffer.AsSpan(_length));
        bool isInteger = !_buffer.AsSpan(_length, written).ContainsAny('.', 'e', '/');
        _length += written;
        if (isInteger) _integerEnd = _length;
    }

    private static int WriteNumber(double value, Span<char> destination)
    {
        if (double.IsFinite(value)) return NumberText.Write(value, destination);
        // Neither value has a literal.
        string text = double.IsNaN(value) ? "0/0" : "1e999";
        text.CopyTo(destination);
        return text.Length;
    }

    private void PrintBigInt(BigIntLiteral node)
    {
        Checked.BigInt(node.Digits);
        Word(node.Digits, node);
        Write('n');
    }

    private void PrintRegExp(RegExpLiteral node)
    {
        Checked.RegExp(node.Pattern, node.Flags);
        SeparateWord();
        SeparateOperator('/');
        Mark(node.Start);
        Write('/');
        Write(node.Pattern);
        Write('/');
        Write(node.Flags);
        _regExpEnd = _length;
    }

    private void PrintTemplate(TemplateLiteral node)
    {
        Mark(node.Start);
        Write('`');
        for (int i = 0; i < node.Quasis.Length; i++)
        {
            if (i > 0)
            {
                Write("${");
                Print(node.Expressions[i - 1], Level.Sequence);
                Write('}');
            }

            Write(Checked.Template(node.Quasis[i]));
        }

        Write('`');
    }

    private void PrintString(StringLiteral node)
    {
        Mark(node.Start);
        string value = node.Value;
        if (!Checked.NeedsEscape(value))
        {
            Write('"');
            Write(value);
            Write('"');
            return;
        }

        ReadOnlySpan<char> text = value;
        char quote = text.Count('"') > text.Count('\'') ? '\'' : '"';
        Write(quote);
        for (int i = 0; i < text.Length; i++) PrintUnit(text, i, quote);
        Write(quote);
    }

    /// <summary>Prints a unit of a string, escaped if it must be (ECMA-262 12.9.4).</summary>
    private void PrintUnit(ReadOnlySpan<char> text, int at, char quote)
    {
        char unit = text[at];
        if (unit == quote || unit == '\\')
        {
            Write('\\');
            Write(unit);
        }
        else if (char.IsSurrogate(unit) ? !IsPaired(text, at) : unit is '\u2028' or '\u2029')
        {
            PrintEscape("\\u", unit, "x4");
        }
        else if (char.IsControl(unit))
        {
            PrintControl(unit, at + 1 < text.Length ? text[at + 1] : '\0');
        }
        else
        {
            Write(unit);
        }
    }

    private void PrintControl(char unit, char next)
    {
        switch (unit)
        {
            case '\b': Write("\\b"); break;
            case '\t': Write("\\t"); break;
            case '\n': Write("\\n"); break;
            case '\v': Write("\\v"); break;
            case '\f': Write("\\f"); break;
            case '\r': Write("\\r"); break;
            // Before a digit it would be an octal escape.
            case '\0' when !char.IsAsciiDigit(next): Write("\\0"); break;
            default: PrintEscape("\\x", unit, "x2"); break;
        }
    }

    private void PrintEscape(string prefix, char unit, string format)
    {
        Span<char> hex = stackalloc char[4];
        ((int)unit).TryFormat(hex, out int written, format, CultureInfo.InvariantCulture);
        Write(prefix);
        for (int i = 0; i < written; i++) Write(hex[i]);
    }

    private static bool IsPaired(ReadOnlySpan<char> text, int at) =>
        char.IsHighSurrogate(text[at])
            ? at + 1 < text.Length && char.IsLowSurrogate(text[at + 1])
            : at > 0 && char.IsHighSurrogate(text[at - 1]);
}
