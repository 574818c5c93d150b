using System.Runtime.InteropServices;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Scopes;

namespace Enclave.Guard.Transforms;

/// <summary>Recognises keys that can never be a dangerous name, for any input: numbers, booleans, other names.</summary>
internal sealed class HarmlessKeys(Program program, ScopeTree scopes)
{
    // Deeper than any key that a person writes.
    private const int MaxDepth = 32;

    // Names that lead from a value to its constructor or change property lookup. Bootstrap/guard.js refuses the same names.
    private static readonly string[] s_dangerous =
        ["constructor", "__proto__", "prototype", "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__"];

    // The budget of one program. Keys beyond it are checked at run time, which is always correct.
    private int _budget = 200_000;

    private readonly Dictionary<Binding, bool> _numeric = [];

    // Bindings assumed to be numbers, in order.
    private readonly List<Binding> _taken = [];
    private WrittenValues? _written;

    // Made at its first use, because most programs do not need it.
    private WrittenValues Written => _written ??= WrittenValues.Of(program);

    public bool IsHarmless(Expression key)
    {
        int depth = 0;
        return IsHarmless(key, ref depth);
    }

    private bool IsHarmless(Expression key, ref int depth)
    {
        if (!Enter(ref depth)) return false;
        bool harmless = key switch
        {
            StringLiteral { Value: var text } => !s_dangerous.Contains(text),
            TemplateLiteral template => IsHarmless(template),
            UnaryExpression or BooleanLiteral or NullLiteral => true,
            BinaryExpression { Operator: BinaryOperator.Add } => IsNumeric(key, ref depth),
            BinaryExpression => true,
            ConditionalExpression choice => IsHarmless(choice.Consequent, ref depth) && IsHarmless(choice.Alternate, ref depth),
            Identifier name => scopes.ReferenceOf(name) is { Binding: { } binding, MayBeDynamic: false }
                && (IsNumeric(binding, ref depth) || IsHarmlessConstant(binding, ref depth)),
            _ => IsNumeric(key, ref depth),
        };
        depth--;
        return harmless;
    }

    private static bool IsHarmless(TemplateLiteral template)
    {
        string head = template.Quasis[0].Cooked ?? "", tail = template.Quasis[^1].Cooked ?? "";
        foreach (string name in s_dangerous)
        {
            bool fits =
                template.Quasis.Length == 1 ? name == head : name.StartsWith(head, StringComparison.Ordinal) && name.EndsWith(tail, StringComparison.Ordinal);
            if (fits) return false;
        }

        return true;
    }

    private bool IsNumeric(Expression value, ref int depth)
    {
        if (!Enter(ref depth)) return false;
        bool numeric = value switch
        {
            NumberLiteral or BigIntLiteral or UpdateExpression => true,
            UnaryExpression { Operator: UnaryOperator.Minus or UnaryOperator.Plus or UnaryOperator.BitwiseNot } => true,
            BinaryExpression { Operator: BinaryOperator.Add } sum => IsNumeric(sum.Left, ref depth) && IsNumeric(sum.Right, ref depth),
            BinaryExpression { Operator: >= BinaryOperator.ShiftLeft and <= BinaryOperator.BitwiseAnd } => true,
            AssignmentExpression { Operator: AssignmentOperator.Add } sum => IsNumeric(sum.Right, ref depth),
            AssignmentExpression { Operator: > AssignmentOperator.Add and <= AssignmentOperator.BitwiseAnd } => true,
            Identifier name => scopes.ReferenceOf(name) is { Binding: { } binding, MayBeDynamic: false } && IsNumeric(binding, ref depth),
            _ => false,
        };
        depth--;
        return numeric;
    }

    private bool IsHarmlessConstant(Binding binding, ref int depth) =>
        binding is { Kind: BindingKind.Const, Declaration: { } declaration } && Written.TryGet(declaration, out Expression? value)
            && IsHarmless(value, ref depth);

    /// <summary>True if a variable only ever holds numbers: every assignment to it is a number.</summary>
    private bool IsNumeric(Binding binding, ref int depth)
    {
        if (_numeric.TryGetValue(binding, out bool known)) return known;
        if (binding.Kind is not (BindingKind.Let or BindingKind.Const or BindingKind.Var)) return false;
        // If parameters contain expressions, a variable of the body with a parameter's name starts with the parameter's value (10.2.11, step 28).
        if (binding is { Kind: BindingKind.Var, Scope.Kind: ScopeKind.FunctionBody }) return false;
        // While its own value is examined, as in i = i + 1, assume that it is a number.
        _numeric[binding] = true;
        int before = _taken.Count;
        _taken.Add(binding);
        bool numeric = true;
        foreach (Reference reference in binding.References)
        {
            if (reference.IsWrite) numeric = Written.TryGet(reference.Identifier, out Expression? value) && IsNumeric(value, ref depth);
            numeric &= --_budget >= 0;
            if (!numeric) break;
        }

        // Conclusions drawn while this binding was assumed to be a number may be wrong.
        if (!numeric) Forget(before);
        return _numeric[binding] = numeric;
    }

    private void Forget(int from)
    {
        foreach (Binding binding in CollectionsMarshal.AsSpan(_taken)[from..]) _numeric.Remove(binding);
        _taken.RemoveRange(from, _taken.Count - from);
    }

    private bool Enter(ref int depth) => depth++ < MaxDepth && --_budget >= 0;
}
