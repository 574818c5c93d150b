using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Tracing;

/// <summary>Adds the names that a statement declares or assigns to the plan of values that are read after the statement.</summary>
internal sealed class WriteCollector(ReadPlan plan) : AstVisitor
{
    /// <summary>The names that a pattern binds or assigns, and the accesses that it assigns.</summary>
    /// <param name="target">The pattern, or one target.</param>
    /// <param name="declares">True if it declares the names: then they have their values.</param>
    public void AddTargets(Node target, bool declares)
    {
        switch (target)
        {
            case Identifier name when declares: plan.AddPlain(name.Name); break;
            case Identifier or MemberExpression: plan.Add((Expression)target); break;
            case AssignmentPattern pattern: AddTargets(pattern.Left, declares); break;
            case RestElement rest: AddTargets(rest.Argument, declares); break;
            case Property property: AddTargets(property.Value, declares); break;
            case ArrayPattern list: foreach (Node? element in list.Elements.Where((one) => one is not null)) AddTargets(element!, declares); break;
            case ObjectPattern members: foreach (Node property in members.Properties) AddTargets(property, declares); break;
            case VariableDeclaration declaration: foreach (VariableDeclarator one in declaration.Declarations) AddTargets(one.Id, declares: true); break;
            case Expression other: Visit(other); break;
        }
    }

    protected override void VisitVariableDeclarator(VariableDeclarator node)
    {
        AddTargets(node.Id, declares: true);
        if (node.Init is not null) Visit(node.Init);
    }

    protected override void VisitAssignmentExpression(AssignmentExpression node)
    {
        AddTargets(node.Left, declares: false);
        Visit(node.Right);
    }

    protected override void VisitUpdateExpression(UpdateExpression node) => AddTargets(node.Argument, declares: false);

    protected override void VisitFunctionExpression(FunctionExpression node)
    {
    }

    protected override void VisitArrowFunctionExpression(ArrowFunctionExpression node)
    {
    }

    protected override void VisitClassExpression(ClassExpression node)
    {
    }
}
