using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Text;

namespace Enclave.Cli.Parse.Estree;

using Program = Enclave.JavaScript.Ast.Program;

/// <summary>Writes a tree in acorn's format: byte for byte the output of JSON.stringify for acorn's tree, with null as a BigInt's value.</summary>
internal sealed partial class EstreeWriter
{
    private readonly EstreeText _json;
    private readonly string _source;
    private readonly EstreePositions _positions;
    private readonly LineMap? _lines;

    // The work left for open nodes, the next step on top. Depth costs memory, not stack: trees may be as deep as their text is long.
    private Step[] _steps = new Step[64];
    private int _count;
    private int _floor;

    private EstreeWriter(EstreeText json, string source, EstreePositions positions)
    {
        _json = json;
        _source = source;
        _positions = positions;
        _lines = positions == EstreePositions.Lines ? new LineMap(source) : null;
    }

    /// <summary>Writes a tree as one line of JSON, without its end.</summary>
    /// <param name="program">The tree.</param>
    /// <param name="source">The text that was parsed. Literals are quoted from it.</param>
    /// <param name="positions">The positions to write.</param>
    /// <param name="output">The destination.</param>
    public static void Write(Program program, string source, EstreePositions positions, TextWriter output)
    {
        using var json = new EstreeText(output);
        new EstreeWriter(json, source, positions).Write(program);
        json.Flush();
    }

    /// <summary>The tree as one line of JSON.</summary>
    public static string Write(Program program, string source, EstreePositions positions = EstreePositions.Offsets)
    {
        using var output = new StringWriter();
        Write(program, source, positions, output);
        return output.ToString();
    }

    private void Write(Node root)
    {
        Begin(root);
        while (_count > 0)
        {
            Step step = _steps[--_count];
            if (step.Name is not null) _json.Key(step.Name);
            switch (step.Kind)
            {
                case StepKind.Close: _json.Append('}'); break;
                case StepKind.Bare: _json.Append((string)step.Value!); break;
                case StepKind.Quoted: _json.Quote((string)step.Value!); break;
                case StepKind.Child: Begin((Node)step.Value!); break;
                case StepKind.List: Continue((Node?[])step.Value!, step.Index); break;
            }
        }
    }

    /// <summary>Writes a node up to its first child, and pushes the rest on the steps.</summary>
    private void Begin(Node node)
    {
        Open(node);
        _floor = _count;
        WriteFields(node);
        if (_count == _floor)
        {
            _json.Append('}');
            return;
        }

        Push(new Step(StepKind.Close, null, null));
        _steps.AsSpan(_floor.._count).Reverse();
    }

    private void Continue(Node?[] nodes, int index)
    {
        if (index == 0) _json.Append('[');
        else if (index < nodes.Length) _json.Append(',');
        if (index == nodes.Length)
        {
            _json.Append(']');
            return;
        }

        Push(new Step(StepKind.List, null, nodes, index + 1));
        if (nodes[index] is { } node) Begin(node);
        else _json.Append("null");
    }

    private void Push(Step step)
    {
        if (_count == _steps.Length) Array.Resize(ref _steps, _count * 2);
        _steps[_count++] = step;
    }

    private void Open(Node node)
    {
        _json.Append("{\"type\":\"");
        _json.Append(TypeOf(node.Kind));
        _json.Append('"');
        if (_positions == EstreePositions.None) return;
        _json.Append(",\"start\":");
        _json.AppendInteger(node.Start);
        _json.Append(",\"end\":");
        _json.AppendInteger(node.End);
        if (_lines is not null) WriteLocation(node, _lines);
    }

    private void WriteLocation(Node node, LineMap lines)
    {
        _json.Append(",\"loc\":{\"start\":");
        WritePosition(lines.At(node.Start));
        _json.Append(",\"end\":");
        WritePosition(lines.At(node.End));
        _json.Append('}');
    }

    private void WritePosition(SourcePosition position)
    {
        _json.Append("{\"line\":");
        _json.AppendInteger(position.Line);
        _json.Append(",\"column\":");
        _json.AppendInteger(position.Column);
        _json.Append('}');
    }

    private void Null(string name) => Bare(name, "null");

    private void Boolean(string name, bool value) => Bare(name, value ? "true" : "false");

    /// <summary>A value without quotes. Behind a child it waits for the child.</summary>
    private void Bare(string name, string value)
    {
        if (_count > _floor)
        {
            Push(new Step(StepKind.Bare, name, value));
            return;
        }

        _json.Key(name);
        _json.Append(value);
    }

    private void String(string name, string value)
    {
        if (_count > _floor) Push(new Step(StepKind.Quoted, name, value));
        else Quote(name, value);
    }

    /// <summary>An operator or keyword.</summary>
    private void Text(string name, string value) => String(name, value);

    private void Child(string name, Node? node) => Push(node is null ? new Step(StepKind.Bare, name, "null") : new Step(StepKind.Child, name, node));

    private void List<T>(string name, ImmutableArray<T> nodes) where T : Node? =>
        Push(new Step(StepKind.List, name, ImmutableCollectionsMarshal.AsArray(nodes)));

    private void Quote(string name, ReadOnlySpan<char> value)
    {
        _json.Key(name);
        _json.Quote(value);
    }

    private void WriteExpressionStatement(ExpressionStatement node)
    {
        Child("expression", node.Expression);
        if (node.Directive is not null) String("directive", node.Directive);
    }

    private void WriteNullLiteral(NullLiteral node)
    {
        Null("value");
        Raw(node);
    }

    private void WriteBooleanLiteral(BooleanLiteral node)
    {
        Boolean("value", node.Value);
        Raw(node);
    }

    private void WriteNumberLiteral(NumberLiteral node)
    {
        _json.Key("value");
        Span<char> text = stackalloc char[NumberText.MaxLength];
        // SerializeJSONProperty (25.5.2.2), step 9: a number that is not finite is null.
        _json.Append(double.IsFinite(node.Value) ? text[..NumberText.Write(node.Value, text)] : "null");
        Raw(node);
    }

    private void WriteBigIntLiteral(BigIntLiteral node)
    {
        Null("value");
        Raw(node);
        Text("bigint", BigIntText.Decimal(node.Digits));
    }

    private void WriteStringLiteral(StringLiteral node)
    {
        String("value", node.Value);
        Raw(node);
    }

    private void WriteRegExpLiteral(RegExpLiteral node)
    {
        _json.Append(",\"value\":{}");
        Raw(node);
        _json.Append(",\"regex\":{\"pattern\":");
        _json.Quote(node.Pattern);
        _json.Append(",\"flags\":");
        _json.Quote(node.Flags);
        _json.Append('}');
    }

    private void WriteTemplateElement(TemplateElement node)
    {
        _json.Append(",\"value\":{\"raw\":");
        _json.Quote(node.Raw);
        _json.Append(",\"cooked\":");
        if (node.Cooked is null) _json.Append("null");
        else _json.Quote(node.Cooked);
        _json.Append('}');
        Boolean("tail", node.IsTail);
    }

    private void Raw(Expression literal)
    {
        if (_positions != EstreePositions.None) Quote("raw", _source.AsSpan(literal.Start..literal.End));
    }

    private enum StepKind : byte
    {
        Close,
        Bare,
        Quoted,
        Child,
        List,
    }

    /// <summary>A step: a value of its kind, with a name if it is a field. For a list, the index of the next element.</summary>
    private readonly record struct Step(StepKind Kind, string? Name, object? Value, int Index = 0);
}
