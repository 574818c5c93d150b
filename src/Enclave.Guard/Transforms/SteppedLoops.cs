using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Scopes;

namespace Enclave.Guard.Transforms;

/// <summary>Finds loops over whole numbers whose variable changes only in the loop's update.</summary>
/// <remarks>A loop around another one must be asked for first, because its variable may be the start or the step of the inner one.</remarks>
internal sealed class SteppedLoops(ScopeTree scopes)
{
    // All values stay far below 2^53, so arithmetic on them is exact.
    private const long Largest = 1 << 30;

    // The numbers that each variable may be while the body of its loop runs.
    private readonly Dictionary<Binding, Range> _ranges = [];

    /// <summary>The loop, if its text shows that it is one; otherwise null.</summary>
    public SteppedLoop? Of(ForStatement node)
    {
        if (node.Init is not VariableDeclaration { VariableKind: VariableKind.Let, Declarations: [{ Id: Identifier name, Init: { } start } declaration] })
            return null;
        if (End(node.Test, name) is not { } end || Update(node.Update, name) is not { } update) return null;
        if (RangeOf(start) is not { } first || RangeOf(update.Step) is not { Low: >= 1 } step) return null;
        if (scopes.DeclarationOf(name) is not { } variable || !ChangesOnlyIn(update.Target, variable)) return null;
        if (first.Low < end) _ranges[variable] = new(first.Low, end - 1);
        long rounds = Math.Max(0, end - first.Low + step.Low - 1) / step.Low;
        return new(declaration, name.Name, start, update.Step, (int)end, (int)Math.Min(rounds, int.MaxValue));
    }

    private static long? End(Expression? test, Identifier name)
    {
        if (test is not BinaryExpression { Left: Identifier left, Right: var right, Operator: var comparison } || left.Name != name.Name) return null;
        if (Whole(right) is not { } bound) return null;
        long? end = comparison switch { BinaryOperator.Less => bound, BinaryOperator.LessOrEqual => bound + 1, _ => null };
        return end <= Largest ? end : null;
    }

    private static (Identifier Target, Expression Step)? Update(Expression? update, Identifier name) => update switch
    {
        UpdateExpression { Operator: UpdateOperator.Increment, Argument: Identifier target } when target.Name == name.Name =>
            (target, new NumberLiteral(update.Start, update.Start, 1)),
        AssignmentExpression { Operator: AssignmentOperator.Add, Left: Identifier target, Right: var step } when target.Name == name.Name => (target, step),
        _ => null,
    };

    // A closure that holds the variable sees a new one in each round (ECMA-262 14.7.4.4): such a variable belongs to its loop.
    private static bool ChangesOnlyIn(Identifier update, Binding variable)
    {
        if (variable.IsCaptured) return false;
        foreach (Reference reference in variable.References)
        {
            if (reference.MayBeDynamic) return false;
            if (reference is { IsWrite: true, IsDeclarator: false } && reference.Identifier != update) return false;
        }

        return true;
    }

    // One operation at most, so that the copies of this text in the rewritten loop stay short.
    private Range? RangeOf(Expression value)
    {
        if (value is not BinaryExpression { Left: var left, Right: var right, Operator: var operation }) return RangeOfOperand(value);
        if (RangeOfOperand(left) is not { } a || RangeOfOperand(right) is not { } b) return null;
        return operation switch
        {
            BinaryOperator.Add => Within(a.Low + b.Low, a.High + b.High),
            BinaryOperator.Subtract => Within(a.Low - b.High, a.High - b.Low),
            BinaryOperator.Multiply when a.Low >= 0 && b.Low >= 0 => Within(a.Low * b.Low, a.High * b.High),
            _ => null,
        };
    }

    private Range? RangeOfOperand(Expression value)
    {
        if (Whole(value) is { } number) return new(number, number);
        return value is Identifier name && scopes.ReferenceOf(name) is { Binding: { } binding } && _ranges.TryGetValue(binding, out Range range) ? range : null;
    }

    private static Range? Within(long low, long high) => low >= -Largest && high <= Largest ? new(low, high) : null;

    private static long? Whole(Expression value) => value is NumberLiteral { Value: var number } && number <= Largest && number == Math.Floor(number)
        ? (long)number : null;

    private readonly record struct Range(long Low, long High);
}
