using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Rules;

/// <summary>The expressions that a program assigns to each of its names. Built when the first rule asks.</summary>
internal sealed class ValueIndex : AstVisitor
{
    private const int MaxElements = 8;

    // Sorted by place in the text, for binary search.
    private readonly List<Entry> _entries = [];

    private bool _inOrder = true;

    private ValueIndex() { }

    public static ValueIndex Of(Program program)
    {
        var index = new ValueIndex();
        index.Visit(program);
        // A pattern's names are added before the defaults inside it.
        if (!index._inOrder) index._entries.Sort((one, other) => one.Target.Start.CompareTo(other.Target.Start));
        return index;
    }

    /// <summary>Adds the values that are assigned at the identifier's place.</summary>
    public void Add(Identifier target, List<Expression> values)
    {
        for (int i = First(target); i < _entries.Count && _entries[i].Target.Start == target.Start && values.Count < MaxElements; i++)
        {
            values.Add(_entries[i].Value);
        }
    }

    /// <summary>The value that is assigned at the identifier's place, if there is exactly one and it is not a default.</summary>
    public Expression? OnlyValue(Identifier target)
    {
        int first = First(target);
        if (first == _entries.Count || _entries[first].Target.Start != target.Start) return null;
        return _entries[first].Use == ValueUse.Always ? _entries[first].Value : null;
    }

    protected override void VisitVariableDeclarator(VariableDeclarator node)
    {
        switch (node)
        {
            case { Id: Identifier target, Init: { } value }: Note(target, value, ValueUse.Always); break;
            case { Id: ObjectPattern pattern, Init: { } value }: NoteParts(pattern, value); break;
            case { Id: ArrayPattern pattern, Init: { } value }: NoteParts(pattern, value); break;
        }

        base.VisitVariableDeclarator(node);
    }

    protected override void VisitAssignmentExpression(AssignmentExpression node)
    {
        if (node.Left is Identifier target)
        {
            // k += 'x' assigns the whole expression.
            if (node.Operator == AssignmentOperator.Assign) Note(target, node.Right, ValueUse.Always);
            else if (node.Operator == AssignmentOperator.Add) Note(target, node, ValueUse.Perhaps);
            else if (IsLogical(node.Operator)) Note(target, node.Right, ValueUse.Perhaps);
        }

        base.VisitAssignmentExpression(node);
    }

    protected override void VisitAssignmentPattern(AssignmentPattern node)
    {
        if (node.Left is Identifier target) Note(target, node.Right, ValueUse.Perhaps);
        base.VisitAssignmentPattern(node);
    }

    protected override void VisitForOfStatement(ForOfStatement node)
    {
        Identifier? target = node.Left as Identifier ?? (node.Left as VariableDeclaration)?.Declarations[0].Id as Identifier;
        if (target is not null && node.Right is ArrayExpression array)
        {
            foreach (Expression? element in array.Elements.Take(MaxElements))
            {
                if (element is not null) Note(target, element, ValueUse.Perhaps);
            }
        }

        base.VisitForOfStatement(node);
    }

    private static bool IsLogical(AssignmentOperator by) => by is AssignmentOperator.Or or AssignmentOperator.And or AssignmentOperator.Coalesce;

    /// <summary>const { a } = o gives o.a to a.</summary>
    private void NoteParts(ObjectPattern pattern, Expression value)
    {
        foreach (Node node in pattern.Properties)
        {
            if (node is Property { IsComputed: false, Key: Identifier key, Value: Identifier target })
            {
                Note(target, new MemberExpression(value.Start, value.End, value, key, isComputed: false, isOptional: false), ValueUse.Always);
            }
        }
    }

    /// <summary>const [a] = xs gives xs[0] to a.</summary>
    private void NoteParts(ArrayPattern pattern, Expression value)
    {
        for (int i = 0; i < Math.Min(pattern.Elements.Length, MaxElements); i++)
        {
            if (pattern.Elements[i] is not Identifier target) continue;
            var key = new NumberLiteral(value.Start, value.End, i);
            Note(target, new MemberExpression(value.Start, value.End, value, key, isComputed: true, isOptional: false), ValueUse.Always);
        }
    }

    private void Note(Identifier target, Expression value, ValueUse use)
    {
        _inOrder &= _entries.Count == 0 || _entries[^1].Target.Start <= target.Start;
        _entries.Add(new Entry(target, value, use));
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
        /// <summary>The only value that is assigned there.</summary>
        Always,

        /// <summary>A default value, or one of several values.</summary>
        Perhaps,
    }

    private readonly record struct Entry(Identifier Target, Expression Value, ValueUse Use);
}
