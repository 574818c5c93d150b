using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Visiting;

namespace Enclave.Guard.Rules;

/// <summary>Which expressions a program gives to which of its names. Made when the first rule asks.</summary>
internal sealed class ValueIndex : AstVisitor
{
    private const int MaxElements = 8;

    // In the order of the text, so that it can be searched.
    private readonly List<Entry> _entries = [];

    private ValueIndex() { }

    public static ValueIndex Of(Program program)
    {
        var index = new ValueIndex();
        index.Visit(program);
        return index;
    }

    /// <summary>Adds what is assigned where the identifier stands.</summary>
    public void Add(Identifier target, List<Expression> values)
    {
        for (int i = First(target); i < _entries.Count && _entries[i].Target.Start == target.Start && values.Count < MaxElements; i++)
        {
            values.Add(_entries[i].Value);
        }
    }

    /// <summary>What is assigned where the identifier stands, if that is one expression and no default.</summary>
    public Expression? OnlyValue(Identifier target)
    {
        int first = First(target);
        if (first == _entries.Count || _entries[first].Target.Start != target.Start) return null;
        return _entries[first].Use == ValueUse.Always ? _entries[first].Value : null;
    }

    protected override void VisitVariableDeclarator(VariableDeclarator node)
    {
        if (node is { Id: Identifier target, Init: { } value }) _entries.Add(new Entry(target, value, ValueUse.Always));
        base.VisitVariableDeclarator(node);
    }

    protected override void VisitAssignmentExpression(AssignmentExpression node)
    {
        bool gives = node.Operator is AssignmentOperator.Assign or AssignmentOperator.Or or AssignmentOperator.And or AssignmentOperator.Coalesce;
        if (gives && node.Left is Identifier target)
        {
            _entries.Add(new Entry(target, node.Right, node.Operator == AssignmentOperator.Assign ? ValueUse.Always : ValueUse.Perhaps));
        }

        base.VisitAssignmentExpression(node);
    }

    protected override void VisitAssignmentPattern(AssignmentPattern node)
    {
        if (node.Left is Identifier target) _entries.Add(new Entry(target, node.Right, ValueUse.Perhaps));
        base.VisitAssignmentPattern(node);
    }

    protected override void VisitForOfStatement(ForOfStatement node)
    {
        Identifier? target = node.Left as Identifier ?? (node.Left as VariableDeclaration)?.Declarations[0].Id as Identifier;
        if (target is not null && node.Right is ArrayExpression array)
        {
            foreach (Expression? element in array.Elements.AsSpan()[..Math.Min(array.Elements.Length, MaxElements)])
            {
                if (element is not null) _entries.Add(new Entry(target, element, ValueUse.Perhaps));
            }
        }

        base.VisitForOfStatement(node);
    }

    private int First(Identifier target)
    {
        (int low, int high) = (0, _entries.Count);
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_entries[middle].Target.Start < target.Start) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private enum ValueUse
    {
        /// <summary>Nothing else is assigned there.</summary>
        Always,

        /// <summary>A default, or one of several.</summary>
        Perhaps,
    }

    private readonly record struct Entry(Identifier Target, Expression Value, ValueUse Use);
}
