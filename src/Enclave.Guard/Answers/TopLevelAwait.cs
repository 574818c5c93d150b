using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Answers;

/// <summary>Looks for awaits outside of functions.</summary>
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

    protected override void VisitFunctionDeclaration(FunctionDeclaration node) { }

    protected override void VisitFunctionExpression(FunctionExpression node) { }

    protected override void VisitArrowFunctionExpression(ArrowFunctionExpression node) { }
}
