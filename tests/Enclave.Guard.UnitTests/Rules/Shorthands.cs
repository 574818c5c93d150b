using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Tests.Rules;

/// <summary>The identifiers that are key and value at once.</summary>
internal sealed class Shorthands : AstVisitor
{
    private readonly List<Node> _found = [];

    public static List<Node> In(Program program)
    {
        var visitor = new Shorthands();
        visitor.Visit(program);
        return visitor._found;
    }

    protected override void VisitProperty(Property node)
    {
        if (node.IsShorthand) _found.Add(node.Value is AssignmentPattern pattern ? pattern.Left : node.Value);
        base.VisitProperty(node);
    }
}
