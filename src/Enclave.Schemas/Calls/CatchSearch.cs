using Enclave.JavaScript.Ast;

namespace Enclave.Schemas.Calls;

/// <summary>Looks for a catch in a script that was too large to be followed whole: visits each node once.</summary>
internal sealed class CatchSearch : AstVisitor
{
    private bool _isFound;

    /// <summary>True as well where the stack ends before the script.</summary>
    public static bool IsIn(Program program)
    {
        var search = new CatchSearch();
        try
        {
            search.Visit(program);
            return search._isFound;
        }
        catch (InsufficientExecutionStackException)
        {
            return true;
        }
    }

    public override void Visit(Node node)
    {
        if (!_isFound) base.Visit(node);
    }

    protected override void VisitTryStatement(TryStatement node)
    {
        if (node.Handler is null) base.VisitTryStatement(node);
        else _isFound = true;
    }
}
