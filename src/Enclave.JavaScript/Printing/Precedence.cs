using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Printing;

/// <summary>Levels of expressions and of the operands of operators.</summary>
internal static class Precedence
{
    // In the order of BinaryOperator.
    private static ReadOnlySpan<byte> BinaryLevels =>
    [
        (byte)Level.Equality, (byte)Level.Equality, (byte)Level.Equality, (byte)Level.Equality,
        (byte)Level.Relational, (byte)Level.Relational, (byte)Level.Relational, (byte)Level.Relational,
        (byte)Level.Shift, (byte)Level.Shift, (byte)Level.Shift,
        (byte)Level.Additive, (byte)Level.Additive,
        (byte)Level.Multiplicative, (byte)Level.Multiplicative, (byte)Level.Multiplicative,
        (byte)Level.Exponent,
        (byte)Level.BitwiseOr, (byte)Level.BitwiseXor, (byte)Level.BitwiseAnd,
        (byte)Level.Relational, (byte)Level.Relational,
    ];

    public static Level Of(BinaryOperator value) => (Level)BinaryLevels[(int)value];

    public static Level Of(LogicalOperator value) => value switch
    {
        LogicalOperator.Or => Level.Or,
        LogicalOperator.And => Level.And,
        _ => Level.Coalesce,
    };

    public static Level Of(Expression node) => node.Kind switch
    {
        NodeKind.BinaryExpression => Of(((BinaryExpression)node).Operator),
        NodeKind.LogicalExpression => Of(((LogicalExpression)node).Operator),
        NodeKind.MemberExpression or NodeKind.TaggedTemplateExpression or NodeKind.NewExpression or NodeKind.MetaProperty => Level.Member,
        NodeKind.CallExpression or NodeKind.ImportExpression => Level.Call,
        NodeKind.ChainExpression => Level.LeftHandSide,
        NodeKind.UpdateExpression => Level.Update,
        NodeKind.UnaryExpression or NodeKind.AwaitExpression => Level.Unary,
        NodeKind.ConditionalExpression => Level.Conditional,
        NodeKind.AssignmentExpression or NodeKind.ArrowFunctionExpression or NodeKind.YieldExpression => Level.Assignment,
        NodeKind.SequenceExpression => Level.Sequence,
        NodeKind.NumberLiteral => Of(((NumberLiteral)node).Value),
        _ => Level.Primary,
    };

    /// <summary>The level of a number. Only positive numbers are literals; other numbers, which a rewriter may add, are printed as operations.</summary>
    public static Level Of(double value)
    {
        if (double.IsNaN(value)) return Level.Multiplicative;
        return double.IsNegative(value) ? Level.Unary : Level.Primary;
    }

    /// <summary>The level that the left operand of a binary or logical operator needs.</summary>
    public static Level OfLeft(Expression node)
    {
        if (node is BinaryExpression binary)
        {
            // 13.6: neither a unary operator nor another ** may stand to the left of ** without parentheses.
            return binary.Operator == BinaryOperator.Power ? Level.Update : Of(binary.Operator);
        }

        var logical = (LogicalExpression)node;
        if (logical.Operator != LogicalOperator.Coalesce) return Of(logical.Operator);
        // 13.13: ?? cannot be mixed with && and ||.
        return logical.Left is LogicalExpression { Operator: LogicalOperator.Coalesce } ? Level.Coalesce : Level.BitwiseOr;
    }

    /// <summary>The level that the right operand of a binary or logical operator needs.</summary>
    public static Level OfRight(Expression node)
    {
        if (node is BinaryExpression binary) return binary.Operator == BinaryOperator.Power ? Level.Exponent : Of(binary.Operator) + 1;
        LogicalOperator logical = ((LogicalExpression)node).Operator;
        return logical == LogicalOperator.Coalesce ? Level.BitwiseOr : Of(logical) + 1;
    }

    /// <summary>True if an expression needs parentheses at its place.</summary>
    public static bool NeedsParentheses(Expression node, Level level, ExpressionPosition position) =>
        Of(node) < level || (position == ExpressionPosition.ForHead && node is BinaryExpression { Operator: BinaryOperator.In });
}
