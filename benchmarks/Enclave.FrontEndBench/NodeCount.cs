using Enclave.JavaScript.Ast;

namespace Enclave.FrontEndBench;

/// <summary>Counts the nodes of a tree. A node that is two children of one parent counts once.</summary>
internal sealed class NodeCount : AstVisitor
{
    private long _count;

    public static long Of(Program program)
    {
        var counter = new NodeCount();
        counter.Visit(program);
        return counter._count;
    }

    public override void Visit(Node node)
    {
        _count++;
        base.Visit(node);
    }
}
