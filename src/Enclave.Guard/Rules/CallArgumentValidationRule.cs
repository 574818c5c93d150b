using System.Collections.Frozen;
using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Rules;

/// <summary><c>call-argument-validation</c>: the number and types of the arguments of listed functions.</summary>
internal sealed class CallArgumentValidationRule(FrozenDictionary<string, ArgumentRule> functions) : IGuardRule
{
    private static readonly RuleCode s_count = new("INVALID_ARGUMENT_COUNT");
    private static readonly RuleCode s_type = new("INVALID_ARGUMENT_TYPE");
    private static readonly RuleCode s_custom = new("CUSTOM_ARGUMENT_VALIDATION_FAILED");

    public static RuleDescription Description { get; } = new(
        "call-argument-validation", [s_count, s_type, s_custom],
        "Refuses calls of listed functions with other arguments than asked for.",
        "Give the arguments that the function asks for, written in the call.");

    public RuleDescription About => Description;

    public ImmutableArray<NodeKind> Kinds { get; } = [NodeKind.CallExpression];

    public void Visit(Node node, RuleContext context)
    {
        var call = (CallExpression)node;
        if (context.Names.GlobalNameOf(call.Callee) is not { } name || !functions.TryGetValue(name, out ArgumentRule? rule)) return;
        int count = call.Arguments.Length;
        // The text does not show how many arguments a spread gives. The tool's own check sees them.
        if (!call.Arguments.Any((argument) => argument is SpreadElement) && (count < rule.Least || count > rule.Most))
        {
            string wanted = rule.Least == rule.Most ? $"{rule.Least}" : $"{rule.Least} to {rule.Most}";
            context.Report(this, s_count, call, $"'{name}' takes {wanted} arguments, not {count}", null, ("function", name), ("actual", count));
        }

        for (int i = 0; i < Math.Min(count, rule.Types.Count); i++) JudgeType(name, i, call.Arguments[i], rule.Types[i], context);
        if (rule.Check?.Invoke(call.Arguments.Length == 0 ? "" : context.Source[call.Arguments[0].Start..call.Arguments[^1].End]) is { } complaint)
        {
            context.Report(this, s_custom, call, complaint, null, ("function", name));
        }
    }

    private static ArgumentTypes TypeOf(Expression argument, Aliases names) => names.Resolve(argument) switch
    {
        StringLiteral => ArgumentTypes.String | ArgumentTypes.Literal,
        TemplateLiteral { Expressions.IsEmpty: true } => ArgumentTypes.String | ArgumentTypes.Literal,
        TemplateLiteral => ArgumentTypes.String,
        NumberLiteral => ArgumentTypes.Number | ArgumentTypes.Literal,
        UnaryExpression { Operator: UnaryOperator.Minus or UnaryOperator.Plus, Argument: NumberLiteral } => ArgumentTypes.Number | ArgumentTypes.Literal,
        BooleanLiteral => ArgumentTypes.Boolean | ArgumentTypes.Literal,
        UnaryExpression { Operator: UnaryOperator.Not } => ArgumentTypes.Boolean,
        NullLiteral or BigIntLiteral or RegExpLiteral => ArgumentTypes.Literal,
        ObjectExpression => ArgumentTypes.Object,
        ArrayExpression => ArgumentTypes.Array,
        IFunction => ArgumentTypes.Function,
        _ => ArgumentTypes.None,
    };

    private void JudgeType(string name, int index, Expression argument, ArgumentTypes wanted, RuleContext context)
    {
        if (wanted == ArgumentTypes.Any || (TypeOf(argument, context.Names) & wanted) != 0) return;
        string text = wanted.ToString().ToLowerInvariant();
        context.Report(
            this, s_type, argument,
            $"Argument {index + 1} of '{name}' has to be {text}, written in the call", null, ("function", name), ("position", index), ("expected", text));
    }
}
