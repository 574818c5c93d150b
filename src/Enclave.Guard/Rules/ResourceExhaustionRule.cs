using System.Collections.Frozen;
using System.Globalization;
using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Rules;

/// <summary><c>resource-exhaustion</c>: sizes that no honest script asks for, and keys assembled to hide the name that they become.</summary>
internal sealed class ResourceExhaustionRule(ResourceLimits limits, FrozenSet<string> engineKeys) : IGuardRule
{
    private static readonly RuleCode s_resource = new("RESOURCE_EXHAUSTION");
    private static readonly RuleCode s_constructor = new("CONSTRUCTOR_ACCESS");

    public static RuleDescription Description { get; } = new(
        "resource-exhaustion", [s_resource, s_constructor],
        "Refuses huge arrays, repetitions and powers that stand in the text, and assembled keys that name constructors or prototypes.",
        "Work on the data in smaller pieces.");

    public RuleDescription About => Description;

    public ImmutableArray<NodeKind> Kinds { get; } =
        [NodeKind.BinaryExpression, NodeKind.CallExpression, NodeKind.NewExpression, NodeKind.MemberExpression, NodeKind.ObjectPattern];

    public void Visit(Node node, RuleContext context)
    {
        switch (node)
        {
            case BinaryExpression { Operator: BinaryOperator.Power } power: VisitPower(power, context); break;
            case CallExpression call: VisitCall(call, context); break;
            case NewExpression creation: VisitArray(creation, creation.Callee, creation.Arguments, context); break;
            case MemberExpression { IsComputed: true } member: VisitKey(member.Property, context.Keys.Of(member), context); break;
            case ObjectPattern pattern:
                foreach (Node part in pattern.Properties)
                {
                    if (part is Property { IsComputed: true } property) VisitKey(property.Key, context.Keys.Of(property), context);
                }

                break;
        }
    }

    private void VisitPower(BinaryExpression power, RuleContext context)
    {
        if (context.Names.Resolve(power.Right) is not BigIntLiteral literal) return;
        // Ten digits are above every limit, and may not fit into an int.
        bool isSmall = literal.Digits.Length < 10 && int.TryParse(literal.Digits, NumberStyles.None, CultureInfo.InvariantCulture, out int exponent)
            && exponent <= limits.BigIntExponent;
        if (!isSmall) Report(power, "the exponent of a big integer", double.PositiveInfinity, limits.BigIntExponent, context);
    }

    private void VisitCall(CallExpression call, RuleContext context)
    {
        if (VisitArray(call, call.Callee, call.Arguments, context)) return;
        if (call.Callee is not MemberExpression member || context.Keys.Of(member) is not [var method]) return;
        switch (method)
        {
            case "repeat" or "padStart" or "padEnd" when call.Arguments is [var count, ..]:
                Judge(call, method == "repeat" ? "the number of repetitions" : "the padded length", count, limits.RepeatCount, context);
                break;
            case "fill" or "join" when FreshLength(member.Object, context) is { } length:
                Judge(call, $"the length of the array for {method}", length, limits.FillLength, context);
                break;
            case "from" when context.Names.GlobalNameOf(member.Object) == "Array" && call.Arguments is [ObjectExpression shape, ..]:
                foreach (Node part in shape.Properties)
                {
                    if (part is Property { IsComputed: false, Key: Identifier { Name: "length" }, Value: Expression length })
                    {
                        Judge(call, "the length of an array", length, limits.ArrayLength, context);
                    }
                }

                break;
        }
    }

    private bool VisitArray(Node node, Expression callee, ImmutableArray<Expression> arguments, RuleContext context)
    {
        if (arguments is not [var length] || context.Names.GlobalNameOf(callee) != "Array") return false;
        Judge(node, "the length of an array", length, limits.ArrayLength, context);
        return true;
    }

    private static Expression? FreshLength(Expression array, RuleContext context)
    {
        (Expression? callee, ImmutableArray<Expression> arguments) = context.Names.Resolve(array) switch
        {
            CallExpression call => (call.Callee, call.Arguments),
            NewExpression creation => (creation.Callee, creation.Arguments),
            _ => (null, []),
        };
        return callee is not null && arguments is [var length] && context.Names.GlobalNameOf(callee) == "Array" ? length : null;
    }

    private void Judge(Node at, string what, Expression size, int limit, RuleContext context)
    {
        if (StaticNumber.Of(size, context.Names) is { } number && number > limit) Report(at, what, number, limit, context);
    }

    private void Report(Node at, string what, double actual, int limit, RuleContext context) => context.Report(
        this, s_resource, at,
        string.Create(CultureInfo.InvariantCulture, $"Too much at once: {what} is above {limit}"),
        null, ("actual", actual), ("limit", limit));

    /// <summary>Checks assembled keys only. The rules for names check keys that are literals; an assembled one is written to evade them.</summary>
    private void VisitKey(Expression key, ReadOnlySpan<string> values, RuleContext context)
    {
        if (key is StringLiteral) return;
        foreach (string value in values)
        {
            if (!engineKeys.Contains(value)) continue;
            context.Report(this, s_constructor, key, $"This key becomes '{value}', which is not allowed", "Use keys of data.", ("identifier", value));
            return;
        }
    }
}
