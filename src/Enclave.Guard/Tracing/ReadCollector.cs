using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Scopes;

namespace Enclave.Guard.Tracing;

/// <summary>Adds the names that an expression reads to a plan. Functions and classes in it run later, or elsewhere.</summary>
/// <param name="plan">The plan.</param>
/// <param name="from">The scope in which they will be read, if it is not that of the expression.</param>
internal sealed class ReadCollector(ReadPlan plan, Scope? from = null) : AstVisitor
{
    protected override void VisitIdentifier(Identifier node) => plan.Add(node, isCallee: false, from);

    protected override void VisitThisExpression(ThisExpression node) => plan.Add(node, isCallee: false, from);

    protected override void VisitMemberExpression(MemberExpression node) => Visit(node, isCallee: false);

    protected override void VisitCallExpression(CallExpression node)
    {
        if (node.Callee is MemberExpression member) Visit(member, isCallee: true);
        else Visit(node.Callee);
        VisitList(node.Arguments);
    }

    protected override void VisitProperty(Property node)
    {
        if (node.IsComputed) Visit(node.Key);
        Visit(node.Value);
    }

    protected override void VisitAssignmentExpression(AssignmentExpression node)
    {
        if (node.Left is MemberExpression member)
        {
            // Read the value before the assignment too, because it may explain the error, as with a frozen object.
            Visit(member, isCallee: false);
        }
        else if (node.Operator != AssignmentOperator.Assign)
        {
            Visit(node.Left);
        }

        Visit(node.Right);
    }

    protected override void VisitVariableDeclarator(VariableDeclarator node)
    {
        if (node.Init is null) return;
        Visit(node.Init);
        if (plan.Add(node.Init, isCallee: false, from) is { } name) plan.AddPattern(node.Id, name);
    }

    protected override void VisitMetaProperty(MetaProperty node)
    {
    }

    protected override void VisitFunctionExpression(FunctionExpression node)
    {
    }

    protected override void VisitArrowFunctionExpression(ArrowFunctionExpression node)
    {
    }

    protected override void VisitClassExpression(ClassExpression node)
    {
        if (node.SuperClass is not null) Visit(node.SuperClass);
    }

    protected override void VisitClassDeclaration(ClassDeclaration node)
    {
        if (node.SuperClass is not null) Visit(node.SuperClass);
    }

    private void Visit(MemberExpression node, bool isCallee)
    {
        if (plan.Add(node, isCallee, from) is null) Visit(node.Object);
        if (node.IsComputed) Visit(node.Property);
    }
}
