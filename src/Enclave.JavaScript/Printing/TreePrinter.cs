using System.Buffers;
using System.Runtime.CompilerServices;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Printing;

/// <summary>The state of one printing: the text so far, and the facts about it that decide about the next token.</summary>
/// <remarks>
/// Offsets into the text decide which tokens must not touch and which must not come first. That is correct on every path and costs one comparison.
/// </remarks>
internal sealed class TreePrinter : IDisposable
{
    private const int FirstLength = 16 * 1024;

    // A thousand levels of blanks before every line would turn megabytes of text into gigabytes.
    private const int DeepestIndent = 16;
    private readonly PrintStyle _style;
    private readonly SourceMapBuilder? _map;
    private char[] _buffer = ArrayPool<char>.Shared.Rent(FirstLength);

    // The end of a semicolon that a brace makes redundant.
    private int _semicolonEnd = -1;

    public TreePrinter(PrintStyle style, SourceMapBuilder? map, WorkMeter? meter)
    {
        _style = style;
        _map = map;
        Meter = meter;
    }

    public WorkMeter? Meter { get; }

    public int Length { get; set; }

    public int Indent { get; set; }

    /// <summary>The heads of accesses, or the left operands of operators, that are being printed from the innermost outwards.</summary>
    public Stack<Expression?> Spine { get; } = [];

    // The start of an expression statement, of an export default's expression, of an arrow function's
    // body, of the head of a for: the grammar looks ahead at these places.
    public int StatementStart { get; set; } = -1;

    public int DefaultStart { get; set; } = -1;

    public int ArrowStart { get; set; } = -1;

    public int HeadStart { get; set; } = -1;

    /// <summary>The end of an integer, which would take a dot.</summary>
    public int IntegerEnd { get; set; } = -1;

    /// <summary>The end of a regular expression, which would take letters.</summary>
    public int RegExpEnd { get; set; } = -1;

    public bool IsReadable => _style == PrintStyle.Readable;

    public string Print(Node node)
    {
        if (node is Expression expression) ExpressionPrinter.Print(this, expression, Level.Sequence);
        else if (node is Statement statement) StatementPrinter.PrintStatement(this, statement);
        else if (node is Program program) StatementPrinter.PrintProgram(this, program);
        else PrintPart(node);
        return new string(_buffer, 0, Length);
    }

    public void Dispose() => ArrayPool<char>.Shared.Return(_buffer);

    private void PrintPart(Node node)
    {
        switch (node.Kind)
        {
            case NodeKind.SwitchCase: StatementPrinter.PrintCase(this, (SwitchCase)node); break;
            case NodeKind.CatchClause: StatementPrinter.PrintCatch(this, (CatchClause)node); break;
            case NodeKind.VariableDeclarator: StatementPrinter.PrintDeclarator(this, (VariableDeclarator)node, ExpressionPosition.Anywhere); break;
            case NodeKind.TemplateElement: Write(Checked.Template((TemplateElement)node)); break;
            case NodeKind.Property: ObjectPrinter.PrintProperty(this, (Property)node); break;
            case NodeKind.ClassBody: FunctionPrinter.PrintClassBody(this, (ClassBody)node); break;
            case NodeKind.MethodDefinition or NodeKind.PropertyDefinition or NodeKind.StaticBlock: FunctionPrinter.PrintClassElement(this, node); break;
            case NodeKind.ImportAttribute: ModulePrinter.PrintAttribute(this, (ImportAttribute)node); break;
            case NodeKind.ImportSpecifier or NodeKind.ImportDefaultSpecifier or NodeKind.ImportNamespaceSpecifier:
                ModulePrinter.PrintImportSpecifier(this, node);
                break;
            case NodeKind.ExportSpecifier: ModulePrinter.PrintExportSpecifier(this, (ExportSpecifier)node); break;
            default: ObjectPrinter.PrintTarget(this, node); break;
        }
    }

    /// <summary>The last safeguard: trees within the parser's limits fit on any thread with 1 MiB.</summary>
    public static void EnsureStack()
    {
        if (RuntimeHelpers.TryEnsureSufficientExecutionStack()) return;
        throw new InsufficientExecutionStackException("the tree is nested too deep to be printed on this thread");
    }

    public void Mark(int original) => _map?.Add(Length, original);

    /// <summary>Marks a token that follows a node and has no offset of its own.</summary>
    public void MarkAfter(Node node, char token) => _map?.AddAfter(Length, node.End, token);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(char c)
    {
        char[] buffer = _buffer;
        int length = Length;
        if ((uint)length < (uint)buffer.Length)
        {
            buffer[length] = c;
            Length = length + 1;
        }
        else
        {
            WriteGrown(c);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WriteGrown(char c)
    {
        Grow(1);
        _buffer[Length++] = c;
    }

    public void Write(string text)
    {
        if (text.Length > _buffer.Length - Length) Grow(text.Length);
        text.CopyTo(_buffer.AsSpan(Length));
        Length += text.Length;
    }

    /// <summary>Writes a number that is not negative.</summary>
    public void WriteNumber(double value)
    {
        if (NumberText.MaxLength > _buffer.Length - Length) Grow(NumberText.MaxLength);
        int written = WriteNumber(value, _buffer.AsSpan(Length));
        bool isInteger = !_buffer.AsSpan(Length, written).ContainsAny('.', 'e', '/');
        Length += written;
        if (isInteger) IntegerEnd = Length;
    }

    private static int WriteNumber(double value, Span<char> destination)
    {
        if (double.IsFinite(value)) return NumberText.Write(value, destination);
        // Neither value has a literal.
        string text = double.IsNaN(value) ? "0/0" : "1e999";
        text.CopyTo(destination);
        return text.Length;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int more)
    {
        char[] larger = ArrayPool<char>.Shared.Rent(Math.Max(_buffer.Length * 2, checked(Length + more)));
        _buffer.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<char>.Shared.Return(_buffer);
        _buffer = larger;
    }

    public char Last => Length == 0 ? '\0' : _buffer[Length - 1];

    /// <summary>Separates the next word or number from one before it.</summary>
    public void SeparateWord()
    {
        if (Length > 0 && (Checked.IsNamePart(_buffer[Length - 1]) || Length == RegExpEnd)) Write(' ');
    }

    public void Word(string text)
    {
        SeparateWord();
        Write(text);
    }

    public void Word(string text, Node node)
    {
        SeparateWord();
        Mark(node.Start);
        Write(text);
    }

    /// <summary>Separates an operator from a token with which it would form another one, or the start of an HTML-like comment (ECMA-262 B.1.1).</summary>
    public void SeparateOperator(char first)
    {
        char last = Last;
        bool clash = first switch
        {
            '+' => last == '+',
            '-' => last == '-',
            '!' => last == '<',
            '>' => last == '-',
            '/' => last == '/',
            _ => false,
        };
        if (clash) Write(' ');
    }

    /// <summary>A blank for readability.</summary>
    public void Blank()
    {
        if (IsReadable) Write(' ');
    }

    public void Comma()
    {
        Write(',');
        Blank();
    }

    public void NewLine()
    {
        if (!IsReadable) return;
        Write('\n');
        for (int i = Math.Min(Indent, DeepestIndent); i > 0; i--) Write("  ");
    }

    public void Semicolon()
    {
        Write(';');
        _semicolonEnd = Length;
    }

    public void OpenBrace()
    {
        Write('{');
        Indent++;
    }

    /// <summary>Ends a block. The semicolon before the brace is dropped, because readers insert it (12.10.1), unless it is a statement itself.</summary>
    public void CloseBrace()
    {
        Indent--;
        if (IsReadable && Last != '{') NewLine();
        else if (!IsReadable && Length == _semicolonEnd) Length--;
        // The brace now ends where the semicolon did, and is itself needed.
        _semicolonEnd = -1;
        Write('}');
    }
}
