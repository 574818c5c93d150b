using System.Diagnostics.CodeAnalysis;
using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Transforms;

/// <summary>What each write of a variable gives it, as far as the text shows it.</summary>
internal sealed class WrittenValues : AstVisitor
{
    private readonly Dictionary<Identifier, Expression> _values = new(ReferenceEqualityComparer.Instance);

    public static WrittenValues Of(Program program)
    {
        var values = new WrittenValues();
        values.Visit(program);
        return values;
    }

    /// <summary>The expression whose value an identifier is given; false if it is given something else.</summary>
    public bool TryGet(Identifier target, [NotNullWhen(true)] out Expression? value) => _values.TryGetValue(target, out value);

    protected override void VisitVariableDeclarator(VariableDeclarator node)
    {
        if (node is { Id: Identifier name, Init: { } value }) _values[name] = value;
        base.VisitVariableDeclarator(node);
    }

    protected override void VisitAssignmentExpression(AssignmentExpression node)
    {
        // A compound assignment gives what its operation gives: the whole expression stands for it.
        if (node.Left is Identifier name) _values[name] = node.Operator == AssignmentOperator.Assign ? node.Right : node;
        base.VisitAssignmentExpression(node);
    }

    protected override void VisitUpdateExpression(UpdateExpression node)
    {
        if (node.Argument is Identifier name) _values[name] = node;
        base.VisitUpdateExpression(node);
    }
}
