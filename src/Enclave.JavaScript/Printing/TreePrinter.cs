using System.Buffers;
using System.Runtime.CompilerServices;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Printing;

/// <summary>The state of one printing: the text so far, and the facts about it that decide about the next token.</summary>
/// <remarks>
/// Offsets into the text decide which tokens must not touch and which must not come first. That is correct on every path and costs one comparison.
/// </remarks>
internal sealed partial class TreePrinter : IDisposable
{
    private const int FirstLength = 16 * 1024;

    // A thousand levels of blanks before every line would turn megabytes of text into gigabytes.
    private const int DeepestIndent = 16;
    private readonly PrintStyle _style;
    private readonly SourceMapBuilder? _map;
    private readonly WorkMeter? _meter;
    private char[] _buffer = ArrayPool<char>.Shared.Rent(FirstLength);
    private int _length;
    private int _indent;

    // The heads of accesses, or the left operands of operators, that are being printed from the innermost outwards.
    private Expression?[] _spine = new Expression?[16];
    private int _spineLength;

    // The start of an expression statement, of an export default's expression, of an arrow function's
    // body, of the head of a for: the grammar looks ahead at these places.
    private int _statementStart = -1;
    private int _defaultStart = -1;
    private int _arrowStart = -1;
    private int _headStart = -1;

    // The end of an integer, which would take a dot; of a regular expression, which would take letters; and of a semicolon that a brace makes redundant.
    private int _integerEnd = -1;
    private int _regExpEnd = -1;
    private int _semicolonEnd = -1;

    public TreePrinter(PrintStyle style, SourceMapBuilder? map, WorkMeter? meter)
    {
        _style = style;
        _map = map;
        _meter = meter;
    }

    private bool IsReadable => _style == PrintStyle.Readable;

    public string Print(Node node)
    {
        if (node is Expression expression) Print(expression, Level.Sequence);
        else if (node is Statement statement) PrintStatement(statement);
        else if (node is Program program) PrintProgram(program);
        else PrintPart(node);
        return new string(_buffer, 0, _length);
    }

    public void Dispose() => ArrayPool<char>.Shared.Return(_buffer);

    private void PrintPart(Node node)
    {
        switch (node.Kind)
        {
            case NodeKind.SwitchCase: PrintCase((SwitchCase)node); break;
            case NodeKind.CatchClause: PrintCatch((CatchClause)node); break;
            case NodeKind.VariableDeclarator: PrintDeclarator((VariableDeclarator)node, ExpressionPosition.Anywhere); break;
            case NodeKind.TemplateElement: Write(Checked.Template((TemplateElement)node)); break;
            case NodeKind.Property: PrintProperty((Property)node); break;
            case NodeKind.ClassBody: PrintClassBody((ClassBody)node); break;
            case NodeKind.MethodDefinition or NodeKind.PropertyDefinition or NodeKind.StaticBlock: PrintClassElement(node); break;
            case NodeKind.ImportAttribute: PrintAttribute((ImportAttribute)node); break;
            case NodeKind.ImportSpecifier or NodeKind.ImportDefaultSpecifier or NodeKind.ImportNamespaceSpecifier: PrintImportSpecifier(node); break;
            case NodeKind.ExportSpecifier: PrintExportSpecifier((ExportSpecifier)node); break;
            default: PrintTarget(node); break;
        }
    }

    /// <summary>The last safeguard: trees within the parser's limits fit on any thread with 1 MiB.</summary>
    private static void EnsureStack()
    {
        if (RuntimeHelpers.TryEnsureSufficientExecutionStack()) return;
        throw new InsufficientExecutionStackException("the tree is nested too deep to be printed on this thread");
    }

    private void Mark(int original) => _map?.Add(_length, original);

    /// <summary>Marks a token that follows a node and has no offset of its own.</summary>
    private void MarkAfter(Node node, char token) => _map?.AddAfter(_length, node.End, token);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Write(char c)
    {
        char[] buffer = _buffer;
        int length = _length;
        if ((uint)length < (uint)buffer.Length)
        {
            buffer[length] = c;
            _length = length + 1;
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
        _buffer[_length++] = c;
    }

    private void Write(string text)
    {
        if (text.Length > _buffer.Length - _length) Grow(text.Length);
        text.CopyTo(_buffer.AsSpan(_length));
        _length += text.Length;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int more)
    {
        char[] larger = ArrayPool<char>.Shared.Rent(Math.Max(_buffer.Length * 2, checked(_length + more)));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<char>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private char Last => _length == 0 ? '\0' : _buffer[_length - 1];

    /// <summary>Separates the next word or number from one before it.</summary>
    private void SeparateWord()
    {
        if (_length > 0 && (Checked.IsNamePart(_buffer[_length - 1]) || _length == _regExpEnd)) Write(' ');
    }

    private void Word(string text)
    {
        SeparateWord();
        Write(text);
    }

    private void Word(string text, Node node)
    {
        SeparateWord();
        Mark(node.Start);
        Write(text);
    }

    /// <summary>Separates an operator from a token with which it would form another one, or the start of an HTML-like comment (ECMA-262 B.1.1).</summary>
    private void SeparateOperator(char first)
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
    private void Blank()
    {
        if (IsReadable) Write(' ');
    }

    private void Comma()
    {
        Write(',');
        Blank();
    }

    private void NewLine()
    {
        if (!IsReadable) return;
        Write('\n');
        for (int i = Math.Min(_indent, DeepestIndent); i > 0; i--) Write("  ");
    }

    private void Semicolon()
    {
        Write(';');
        _semicolonEnd = _length;
    }

    private void OpenBrace()
    {
        Write('{');
        _indent++;
    }

    /// <summary>Ends a block. The semicolon before the brace is dropped, because readers insert it (12.10.1), unless it is a statement itself.</summary>
    private void CloseBrace()
    {
        _indent--;
        if (IsReadable && Last != '{') NewLine();
        else if (!IsReadable && _length == _semicolonEnd) _length--;
        // The brace now ends where the semicolon did, and is itself needed.
        _semicolonEnd = -1;
        Write('}');
    }
}
