using System.Runtime.CompilerServices;

namespace Enclave.JavaScript.Ast;

/// <summary>
/// Walks a tree, parents before children. Override the methods of the classes that you want to see, and call the base method to visit the children.
/// </summary>
/// <remarks>It recurses. A tree within the parser's default limits is never too deep for a thread-pool thread.</remarks>
public abstract partial class AstVisitor
{
    /// <summary>Calls the method for the node's class.</summary>
    /// <exception cref="InsufficientExecutionStackException">The tree is deeper than this thread's stack allows.</exception>
    public virtual void Visit(Node node)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        node.Accept(this);
    }

    /// <summary>Visits each node of a list. Skips holes.</summary>
    protected void VisitList<T>(ImmutableArray<T> nodes) where T : Node?
    {
        foreach (T node in nodes)
        {
            if (node is not null) Visit(node);
        }
    }
}
