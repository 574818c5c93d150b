using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Text;

namespace Enclave.Guard.Issues;

/// <summary>Converts nodes to places in the user's text.</summary>
internal sealed class SourcePlaces(string source)
{
    private readonly LineMap _lines = new(source);

    internal int LineCount => _lines.Count;

    /// <summary>Returns the position of a node.</summary>
    public SourceLocation Of(Node node)
    {
        SourcePosition start = _lines.At(node.Start);
        SourcePosition end = _lines.At(node.End);
        return new SourceLocation(node.Start, node.End - node.Start, start.Line, start.Column, end.Line, end.Column);
    }
}
