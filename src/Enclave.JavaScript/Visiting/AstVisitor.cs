using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Visiting;

/// <summary>Walks a tree, parents before children. Override the methods of the classes of interest; call the base to go on into the children.</summary>
/// <remarks>It recurses. The parser's depth limits keep every tree it makes walkable on a thread-pool thread.</remarks>
public abstract partial class AstVisitor
{
    /// <summary>Visits each node of a list; holes are passed over.</summary>
    protected void VisitList<T>(ImmutableArray<T> nodes) where T : Node?
    {
        foreach (T node in nodes)
        {
            if (node is not null) Visit(node);
        }
    }
}
