using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Enclave.JavaScript.Ast;

/// <summary>Makes a changed tree. Override the methods of the classes that you want to change. Subtrees without changes are shared with the old tree.</summary>
/// <remarks>A node that replaces another should keep its <see cref="Node.Start"/>, so that the source map still leads to it.</remarks>
public abstract partial class AstRewriter
{
    /// <summary>Returns the node that takes this node's place.</summary>
    /// <exception cref="InsufficientExecutionStackException">The tree is deeper than this thread's stack allows.</exception>
    public virtual Node Rewrite(Node node)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return node.Accept(this);
    }

    /// <summary>Rewrites a child that must keep its class.</summary>
    /// <exception cref="InvalidOperationException">The override returned a node of another class.</exception>
    protected T Rewrite<T>(T node) where T : Node
    {
        Node rewritten = Rewrite((Node)node);
        return rewritten as T ?? throw new InvalidOperationException($"{rewritten.Kind} cannot stand where a {typeof(T).Name} is expected");
    }

    /// <summary>Rewrites each node of a list. Returns the same list if none changed.</summary>
    protected ImmutableArray<T> RewriteList<T>(ImmutableArray<T> nodes) where T : Node?
    {
        T[]? changed = null;
        for (int i = 0; i < nodes.Length; i++)
        {
            T node = nodes[i];
            if (node is null) continue;
            Node rewritten = Rewrite((Node)node);
            if (ReferenceEquals(rewritten, node)) continue;
            changed ??= [.. nodes];
            changed[i] = rewritten as T ?? throw new InvalidOperationException($"{rewritten.Kind} cannot stand where a {typeof(T).Name} is expected");
        }

        return changed is null ? nodes : ImmutableCollectionsMarshal.AsImmutableArray(changed);
    }
}
