using System.Runtime.CompilerServices;

namespace Enclave.JavaScript.Ast;

/// <summary>Walks a tree, parents before children. Override the methods of the classes of interest; call the base to go on into the children.</summary>
/// <remarks>It recurses. The parser's default bounds keep every tree it makes walkable on a thread-pool thread.</remarks>
public abstract partial class AstVisitor
{
    /// <summary>Calls the method for the node's class.</summary>
    /// <exception cref="InsufficientExecutionStackException">The tree is deeper than this thread's stack allows.</exception>
    public virtual void Visit(Node node)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        node.Accept(this);
    }

    /// <summary>Visits each node of a list; holes are passed over.</summary>
    protected void VisitList<T>(ImmutableArray<T> nodes) where T : Node?
    {
        foreach (T node in nodes)
        {
            if (node is not null) Visit(node);
        }
    }
}
