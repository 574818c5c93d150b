using System.Collections.Immutable;
using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Tracing;

/// <summary>
/// Says if the statements of a function's body may stand in a block of it. There a function and a variable, or two functions, may not share a name.
/// </summary>
internal sealed class DeclaredInBody : AstVisitor
{
    private readonly HashSet<string> _variables = new(StringComparer.Ordinal);

    /// <summary>The names that var declares in these statements.</summary>
    public static IReadOnlySet<string> Variables(ImmutableArray<Statement> body)
    {
        var found = new DeclaredInBody();
        found.VisitList(body);
        return found._variables;
    }

    public static bool FitsInBlock(ImmutableArray<Statement> body)
    {
        string[] functions = [.. body.OfType<FunctionDeclaration>().Select((function) => function.Id!.Name)];
        if (functions.Length == 0) return true;
        return functions.Distinct(StringComparer.Ordinal).Count() == functions.Length && !Variables(body).Overlaps(functions);
    }

    protected override void VisitVariableDeclaration(VariableDeclaration node)
    {
        if (node.VariableKind == VariableKind.Var)
        {
            foreach (VariableDeclarator declarator in node.Declarations) Add(declarator.Id);
        }
    }

    // Expressions declare no variable of this function.
    protected override void VisitExpressionStatement(ExpressionStatement node)
    {
    }

    protected override void VisitFunctionExpression(FunctionExpression node)
    {
    }

    protected override void VisitArrowFunctionExpression(ArrowFunctionExpression node)
    {
    }

    protected override void VisitFunctionDeclaration(FunctionDeclaration node)
    {
    }

    protected override void VisitClassDeclaration(ClassDeclaration node)
    {
    }

    private void Add(Node target)
    {
        switch (target)
        {
            case Identifier name: _variables.Add(name.Name); break;
            case AssignmentPattern pattern: Add(pattern.Left); break;
            case RestElement rest: Add(rest.Argument); break;
            case Property property: Add(property.Value); break;
            case ArrayPattern list: foreach (Node? element in list.Elements.Where((one) => one is not null)) Add(element!); break;
            case ObjectPattern members: foreach (Node property in members.Properties) Add(property); break;
        }
    }
}
