using System.Diagnostics.CodeAnalysis;
using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Transforms;

/// <summary>The value of each assignment to a variable, as far as the text shows it.</summary>
internal sealed class WrittenValues : AstVisitor
{
    private readonly Dictionary<Identifier, Expression> _values = [];

    public static WrittenValues Of(Program program)
    {
        var values = new WrittenValues();
        values.Visit(program);
        return values;
    }

    /// <summary>The expression that an identifier is assigned. False if the text does not show one.</summary>
    public bool TryGet(Identifier target, [NotNullWhen(true)] out Expression? value) => _values.TryGetValue(target, out value);

    protected override void VisitVariableDeclarator(VariableDeclarator node)
    {
        if (node is { Id: Identifier name, Init: { } value }) _values[name] = value;
        base.VisitVariableDeclarator(node);
    }

    protected override void VisitAssignmentExpression(AssignmentExpression node)
    {
        // A compound assignment assigns the result of its operation: the whole expression stands for it.
        if (node.Left is Identifier name) _values[name] = node.Operator == AssignmentOperator.Assign ? node.Right : node;
        base.VisitAssignmentExpression(node);
    }

    protected override void VisitUpdateExpression(UpdateExpression node)
    {
        if (node.Argument is Identifier name) _values[name] = node;
        base.VisitUpdateExpression(node);
    }
}
