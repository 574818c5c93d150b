using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Transforms;

/// <summary>Looks for awaits outside of functions, those of loops and of declarations included.</summary>
internal sealed class TopLevelAwait : AstVisitor
{
    private bool _found;

    public static bool In(Statement statement)
    {
        var visitor = new TopLevelAwait();
        visitor.Visit(statement);
        return visitor._found;
    }

    protected override void VisitAwaitExpression(AwaitExpression node) => _found = true;

    protected override void VisitForOfStatement(ForOfStatement node)
    {
        _found |= node.IsAwait;
        base.VisitForOfStatement(node);
    }

    protected override void VisitVariableDeclaration(VariableDeclaration node)
    {
        _found |= node.VariableKind == VariableKind.AwaitUsing;
        base.VisitVariableDeclaration(node);
    }

    protected override void VisitFunctionDeclaration(FunctionDeclaration node) { }

    protected override void VisitFunctionExpression(FunctionExpression node) { }

    protected override void VisitArrowFunctionExpression(ArrowFunctionExpression node) { }
}
