using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Scopes;

namespace Enclave.Guard.Rules;

/// <summary>Finds the values behind a program's names: after <c>const O = Object</c>, O stands for Object.</summary>
/// <remarks>Every question takes a bounded number of steps. Beyond them the answer is unknown, and the run-time guard checks the access.</remarks>
internal sealed class Aliases(Program program, ScopeTree scopes)
{
    private const int MaxSteps = 32;
    private const int MaxReferences = 64;
    private const int MaxPartSteps = 100_000;

    // Many rules ask about the same names.
    private readonly Dictionary<Binding, Expression> _resolved = [];
    private readonly Dictionary<Binding, Expression?> _onlyValues = [];
    private ValueIndex? _values;
    private int _partSteps;
    private int _lastReference;

    /// <summary>True if a name is that of the global object.</summary>
    public static bool IsGlobalObjectName(string name) => name is "globalThis" or "window" or "global" or "self" or "this";

    /// <summary>
    /// Counts one step into a part of an expression; false when the program's budget is used up. Without a budget, parts would be visited again wherever a
    /// name stands for their expression.
    /// </summary>
    public bool TakePart() => ++_partSteps <= MaxPartSteps;

    /// <summary>The reference that an identifier makes when it is used as an expression.</summary>
    public Reference? ReferenceOf(Identifier identifier)
    {
        // References are sorted by their place in the text. Rules ask in nearly the same order, so the search starts from the last answer, in growing steps.
        IReadOnlyList<Reference> all = scopes.References;
        (int low, int high) = (0, all.Count - 1);
        for (int step = 1, at = _lastReference; low <= at && at <= high; step *= 2)
        {
            Identifier passed = all[at].Identifier;
            if (ReferenceEquals(passed, identifier)) return all[_lastReference = at];
            if (passed.Start < identifier.Start)
            {
                low = at + 1;
                at += step;
            }
            else
            {
                high = at - 1;
                at -= step;
            }
        }

        while (low <= high)
        {
            int middle = low + ((high - low) / 2);
            Identifier at = all[middle].Identifier;
            if (ReferenceEquals(at, identifier)) return all[_lastReference = middle];
            if (at.Start < identifier.Start) low = middle + 1;
            else high = middle - 1;
        }

        return null;
    }

    /// <summary>True if an identifier that is used as an expression refers to a global.</summary>
    public bool IsFree(Identifier identifier) => ReferenceOf(identifier) is { Binding: null };

    /// <summary>The expression behind commas, parentheses, assignments, and names that have a single value.</summary>
    public Expression Resolve(Expression expression)
    {
        Binding? asked = null;
        for (int step = 0; step < MaxSteps; step++)
        {
            Expression? next = null;
            switch (expression)
            {
                case ChainExpression chain: next = chain.Expression; break;
                case SequenceExpression sequence: next = sequence.Expressions[^1]; break;
                case AssignmentExpression { Operator: AssignmentOperator.Assign } assignment: next = assignment.Right; break;
                case Identifier identifier when AliasOf(identifier) is { } alias:
                    if (_resolved.TryGetValue(alias, out Expression? known)) return known;
                    asked ??= alias;
                    next = OnlyValueOf(alias);
                    break;
            }

            if (next is null) break;
            expression = next;
        }

        if (asked is not null) _resolved[asked] = expression;
        return expression;
    }

    /// <summary>
    /// The global that an expression stands for: <c>Object</c>, <c>(0, Object)</c>, an alias, <c>globalThis.Object</c>, or
    /// <c>this</c> where that is the global object. Otherwise null.
    /// </summary>
    public string? GlobalNameOf(Expression expression)
    {
        Expression target = BehindGlobalObject(Resolve(expression));
        return target switch
        {
            Identifier identifier when IsFree(identifier) => identifier.Name,
            ThisExpression self when IsGlobal(self) => "this",
            MemberExpression { IsComputed: false, Property: Identifier property } member when IsGlobalObject(member.Object) => property.Name,
            _ => null,
        };
    }

    /// <summary>True if <c>this</c> does not belong to a function, field or static block. Arrow functions do not have their own.</summary>
    public bool IsGlobal(ThisExpression expression)
    {
        Scope scope = scopes.ScopeAt(expression.Start).Function;
        while (scope is { Kind: ScopeKind.Function, Node.Kind: NodeKind.ArrowFunctionExpression, Parent: { } parent }) scope = parent.Function;
        return scope.Kind is ScopeKind.Global or ScopeKind.Module;
    }

    /// <summary>True if an expression is the global object.</summary>
    public bool IsGlobalObject(Expression expression)
    {
        Expression target = BehindGlobalObject(Resolve(expression));
        if (target is ThisExpression self) return IsGlobal(self);
        return target is Identifier identifier && IsGlobalObjectName(identifier.Name) && IsFree(identifier);
    }

    /// <summary>Adds the values that the program assigns to a name, up to a limit.</summary>
    public void AddValuesOf(Identifier identifier, List<Expression> values)
    {
        if (ReferenceOf(identifier)?.Binding is not { Declaration: { } declaration } binding) return;
        if (binding.Kind is BindingKind.Function or BindingKind.Class or BindingKind.CatchParameter or BindingKind.Import) return;
        _values ??= ValueIndex.Of(program);
        _values.Add(declaration, values);
        int count = Math.Min(binding.References.Count, MaxReferences);
        for (int i = 0; i < count; i++)
        {
            Reference reference = binding.References[i];
            if (reference.IsWrite && !ReferenceEquals(reference.Identifier, declaration)) _values.Add(reference.Identifier, values);
        }
    }

    /// <summary>Follows parts of literals, as in <c>[Object][0]</c>, and the global object, which is a property of itself.</summary>
    private Expression BehindGlobalObject(Expression target)
    {
        for (int step = 0; step < MaxSteps && target is MemberExpression member; step++)
        {
            Expression? next = PartOf(member);
            if (next is null && member is { IsComputed: false, Property: Identifier property } && IsGlobalObjectName(property.Name)) next = member.Object;
            if (next is null) break;
            target = Resolve(next);
        }

        return target;
    }

    /// <summary>The part of a literal that a member access reads. When the script runs, the literal may contain something else.</summary>
    private Expression? PartOf(MemberExpression member)
    {
        switch (member.Object is Identifier or ArrayExpression or ObjectExpression ? Resolve(member.Object) : null)
        {
            case ArrayExpression array when member is { IsComputed: true, Property: NumberLiteral { Value: >= 0 and < MaxSteps } index }:
                return index.Value < array.Elements.Length ? array.Elements[(int)index.Value] : null;
            case ObjectExpression instance when member is { IsComputed: false, Property: Identifier name }:
                foreach (Node node in instance.Properties.AsSpan()[..Math.Min(instance.Properties.Length, MaxSteps)])
                {
                    if (node is Property { IsComputed: false, Key: Identifier key, Value: Expression value } && key.Name == name.Name) return value;
                }

                return null;
            default:
                return null;
        }
    }

    /// <summary>The binding of a name that may have a single value.</summary>
    private Binding? AliasOf(Identifier identifier) =>
        ReferenceOf(identifier)?.Binding is { Kind: BindingKind.Const or BindingKind.Let or BindingKind.Var or BindingKind.Using } binding ? binding : null;

    private Expression? OnlyValueOf(Binding binding)
    {
        // Computed once per binding, because it visits all references and many names may lead to this one.
        if (_onlyValues.TryGetValue(binding, out Expression? known)) return known;
        return _onlyValues[binding] = OnlyWriteOf(binding) is { } writer ? (_values ??= ValueIndex.Of(program)).OnlyValue(writer) : null;
    }

    private static Identifier? OnlyWriteOf(Binding binding)
    {
        Identifier? writer = null;
        foreach (Reference reference in binding.References)
        {
            if (!reference.IsWrite) continue;
            if (writer is not null) return null;
            writer = reference.Identifier;
        }

        return writer;
    }
}
