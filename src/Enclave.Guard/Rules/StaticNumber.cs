using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Rules;

/// <summary>Numbers that the text shows: literals, arithmetic on literals, names for both.</summary>
internal static class StaticNumber
{
    private const int MaxDepth = 6;

    /// <summary>The number; null if the text does not show it.</summary>
    public static double? Of(Expression expression, Aliases names) => Of(expression, names, MaxDepth);

    private static double? Of(Expression expression, Aliases names, int depth)
    {
        if (depth == 0 || (depth < MaxDepth && !names.TakePart())) return null;
        switch (names.Resolve(expression))
        {
            case NumberLiteral number: return number.Value;
            case Identifier { Name: "Infinity" } name when names.IsFree(name): return double.PositiveInfinity;
            case UnaryExpression { Operator: UnaryOperator.Minus } negative: return -Of(negative.Argument, names, depth - 1);
            case UnaryExpression { Operator: UnaryOperator.Plus } positive: return Of(positive.Argument, names, depth - 1);
            case BinaryExpression sum when IsArithmetic(sum.Operator):
                double? left = Of(sum.Left, names, depth - 1);
                return left is null ? null : Combine(sum.Operator, left.Value, Of(sum.Right, names, depth - 1));
            default: return null;
        }
    }

    private static bool IsArithmetic(BinaryOperator by) =>
        by is BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Multiply or BinaryOperator.Divide
            or BinaryOperator.Power or BinaryOperator.ShiftLeft;

    private static double? Combine(BinaryOperator by, double left, double? right) => by switch
    {
        BinaryOperator.Add => left + right,
        BinaryOperator.Subtract => left - right,
        BinaryOperator.Multiply => left * right,
        BinaryOperator.Divide => left / right,
        BinaryOperator.Power => right is null ? null : Math.Pow(left, right.Value),
        _ => right is >= 0 and < 32 && left is >= 0 and <= int.MaxValue ? (int)left << (int)right.Value : null,
    };
}
