using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Scopes;

namespace Enclave.Guard.Rules;

/// <summary>What expressions stand for, through the names a program gives to them: <c>const O = Object</c> makes O mean Object.</summary>
/// <remarks>Every question takes a bounded number of steps; what lies further is unknown, and is the run-time guard's.</remarks>
internal sealed class Aliases(Program program, ScopeTree scopes)
{
    private const int MaxSteps = 32;
    private const int MaxReferences = 64;
    private const int MaxPartSteps = 100_000;

    // Many rules ask for the same names.
    private readonly Dictionary<Binding, Expression> _resolved = [];
    private readonly Dictionary<Binding, Expression?> _onlyValues = [];
    private ValueIndex? _values;
    private int _partSteps;

    /// <summary>Whether a name is that of the global object.</summary>
    public static bool IsGlobalObjectName(string name) => name is "globalThis" or "window" or "global" or "self" or "this";

    /// <summary>
    /// Whether a question about an expression may ask about one of its parts, which are asked about again wherever a name stands for it: so many times in one
    /// program.
    /// </summary>
    public bool TakePart() => ++_partSteps <= MaxPartSteps;

    /// <summary>The reference that an identifier in the place of an expression is.</summary>
    public Reference? ReferenceOf(Identifier identifier)
    {
        // References stand in the order of the text: a search needs no index.
        IReadOnlyList<Reference> all = scopes.References;
        (int low, int high) = (0, all.Count - 1);
        while (low <= high)
        {
            int middle = (low + high) / 2;
            Identifier at = all[middle].Identifier;
            if (ReferenceEquals(at, identifier)) return all[middle];
            if (at.Start < identifier.Start) low = middle + 1;
            else high = middle - 1;
        }

        return null;
    }

    /// <summary>Whether an identifier in the place of an expression reaches the global object.</summary>
    public bool IsFree(Identifier identifier) => ReferenceOf(identifier) is { Binding: null };

    /// <summary>The expression behind names that get one value only, and behind commas, parentheses and assignments.</summary>
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

    /// <summary>The global that an expression is: <c>Object</c>, <c>(0, Object)</c>, an alias of it, <c>globalThis.Object</c>; <c>this</c> where that is the global object. Otherwise null.</summary>
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

    /// <summary>Whether <c>this</c> belongs to no function, field or static block: arrows have none of their own.</summary>
    public bool IsGlobal(ThisExpression expression)
    {
        Scope scope = scopes.ScopeAt(expression.Start).Function;
        while (scope is { Kind: ScopeKind.Function, Node.Kind: NodeKind.ArrowFunctionExpression, Parent: { } parent }) scope = parent.Function;
        return scope.Kind is ScopeKind.Global or ScopeKind.Module;
    }

    /// <summary>Whether an expression is the global object.</summary>
    public bool IsGlobalObject(Expression expression)
    {
        Expression target = BehindGlobalObject(Resolve(expression));
        if (target is ThisExpression self) return IsGlobal(self);
        return target is Identifier identifier && IsGlobalObjectName(identifier.Name) && IsFree(identifier);
    }

    /// <summary>Adds values that a name is given somewhere in the program, a bounded number of them.</summary>
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

    /// <summary>Behind the parts of literals, as in <c>[Object][0]</c>, and behind the global object, which is a property of itself.</summary>
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

    /// <summary>What a literal holds where a member of it is read. It may hold something else when the script runs.</summary>
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

    /// <summary>The binding of a name that may stand for one value.</summary>
    private Binding? AliasOf(Identifier identifier) =>
        ReferenceOf(identifier)?.Binding is { Kind: BindingKind.Const or BindingKind.Let or BindingKind.Var or BindingKind.Using } binding ? binding : null;

    private Expression? OnlyValueOf(Binding binding)
    {
        // Looked for once for each binding, so that all of its references can be looked at: many names may lead to this one.
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
