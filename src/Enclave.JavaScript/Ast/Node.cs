namespace Enclave.JavaScript.Ast;

/// <summary>A node of the syntax tree. Nodes never change; <see cref="AstRewriter"/> makes new ones.</summary>
public abstract class Node
{
    private readonly int _order = CreationOrder.Next();

    private protected Node(NodeKind kind, int start, int end)
    {
        Kind = kind;
        Start = start;
        End = end;
    }

    /// <summary>Offset of the first UTF-16 unit of the node in its source.</summary>
    public int Start { get; }

    /// <summary>Offset after the last UTF-16 unit of the node in its source.</summary>
    public int End { get; }

    /// <summary>The node's class. A switch over it is cheaper than a type test.</summary>
    public NodeKind Kind { get; }

    /// <summary>A hash of this object; nodes are equal only to themselves.</summary>
    public sealed override int GetHashCode() => _order;

    // One virtual call per node instead of one switch over all classes: before it is optimised, the
    // frame of such a switch takes kilobytes of stack at every level.
    internal abstract void Accept(AstVisitor visitor);

    internal abstract Node Accept(AstRewriter rewriter);
}

/// <summary>A statement, a declaration, or an import or export declaration.</summary>
public abstract class Statement : Node
{
    private protected Statement(NodeKind kind, int start, int end) : base(kind, start, end) { }
}

/// <summary>An expression, or a node that ESTree allows in its place: super, a private name, a spread element.</summary>
public abstract class Expression : Node
{
    private protected Expression(NodeKind kind, int start, int end) : base(kind, start, end) { }
}
