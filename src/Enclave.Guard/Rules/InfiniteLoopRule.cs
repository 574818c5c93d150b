using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Rules;

/// <summary><c>infinite-loop</c>: loops whose test is always true.</summary>
internal sealed class InfiniteLoopRule : IGuardRule
{
    private const int MaxDepth = 8;

    // Limit for one literal, which may be the test of many loops.
    private const int MaxParts = 64;
    private static readonly RuleCode s_code = new("INFINITE_LOOP");

    public static RuleDescription Description { get; } = new(
        "infinite-loop", [s_code],
        "Refuses loops without a test, or with one that is always true.",
        "Give the loop a test that becomes false: for (let i = 0; i < limit; i++) { … if (done) break; }.");

    public RuleDescription About => Description;

    public ImmutableArray<NodeKind> Kinds { get; } = [NodeKind.ForStatement, NodeKind.WhileStatement, NodeKind.DoWhileStatement];

    public void Visit(Node node, RuleContext context)
    {
        (Expression? test, string name) = node switch
        {
            ForStatement loop => (loop.Test, "for"),
            WhileStatement loop => (loop.Test, "while"),
            _ => (((DoWhileStatement)node).Test, "do-while"),
        };
        if (test is null) Report(node, name, "no test", context);
        else if (IsTrue(test, context.Names, MaxDepth) == true) Report(node, name, "test always true", context);
    }

    /// <summary>True if a test is always true, false if it is always false, null if it varies.</summary>
    private static bool? IsTrue(Expression test, Aliases names, int depth) =>
        depth == 0 || (depth < MaxDepth && !names.TakePart()) ? null : names.Resolve(test) switch
        {
            BooleanLiteral literal => literal.Value,
            NumberLiteral number => number.Value != 0,
            BigIntLiteral big => IsTrue(big),
            StringLiteral text => text.Value.Length > 0,
            NullLiteral => false,
            TemplateLiteral { Quasis: var parts } template =>
                parts.Take(MaxParts).Any((part) => part.Cooked is { Length: > 0 }) ? true : template.Expressions.IsEmpty ? false : null,
            ArrayExpression or ObjectExpression or ArrowFunctionExpression or FunctionExpression or ClassExpression or RegExpLiteral or NewExpression => true,
            Identifier { Name: "Infinity" } name when names.IsFree(name) => true,
            Identifier { Name: "undefined" or "NaN" } name when names.IsFree(name) => false,
            UnaryExpression { Operator: UnaryOperator.Not } not => !IsTrue(not.Argument, names, depth - 1),
            UnaryExpression { Operator: UnaryOperator.Minus or UnaryOperator.Plus } sign => IsTrue(sign.Argument, names, depth - 1),
            UnaryExpression { Operator: UnaryOperator.Void } => false,
            UnaryExpression { Operator: UnaryOperator.TypeOf } => true,
            LogicalExpression { Operator: LogicalOperator.Or } or => Or(IsTrue(or.Left, names, depth - 1), IsTrue(or.Right, names, depth - 1)),
            LogicalExpression { Operator: LogicalOperator.And } and => !Or(!IsTrue(and.Left, names, depth - 1), !IsTrue(and.Right, names, depth - 1)),
            _ => null,
        };

    private static bool? IsTrue(BigIntLiteral literal)
    {
        ReadOnlySpan<char> digits = literal.Digits;
        if (digits[..Math.Min(digits.Length, MaxParts)].TrimStart("0xXoObB").Length > 0) return true;
        return digits.Length <= MaxParts ? false : null;
    }

    private static bool? Or(bool? left, bool? right) => left == true || right == true ? true : left == false && right == false ? false : null;

    private void Report(Node loop, string name, string reason, RuleContext context) =>
        context.Report(this, s_code, loop, $"This '{name}' loop never ends: {reason}", data: [("loopType", name), ("reason", reason)]);
}
