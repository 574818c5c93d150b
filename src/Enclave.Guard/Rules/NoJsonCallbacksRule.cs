using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Rules;

/// <summary><c>no-json-callbacks</c>: JSON without replacer and reviver functions, which see every value.</summary>
internal sealed class NoJsonCallbacksRule : IGuardRule
{
    private static readonly RuleCode s_code = new("JSON_CALLBACK_NOT_ALLOWED");

    public static RuleDescription Description { get; } = new(
        "no-json-callbacks", [s_code],
        "Refuses a replacer or reviver for JSON.stringify and JSON.parse.",
        "Change the data before JSON.stringify, or after JSON.parse, with map and Object.fromEntries.");

    public RuleDescription About => Description;

    public ImmutableArray<NodeKind> Kinds { get; } = [NodeKind.CallExpression];

    public void Visit(Node node, RuleContext context)
    {
        var call = (CallExpression)node;
        if (call.Arguments is not [_, var callback, ..]) return;
        if (context.Names.Resolve(call.Callee) is not MemberExpression member || context.Keys.Of(member) is not ["stringify" or "parse"]) return;
        if (context.Names.GlobalNameOf(member.Object) != "JSON" || IsHarmless(context.Names.Resolve(callback), context)) return;
        context.Report(this, s_code, callback, "A function for JSON is not allowed");
    }

    private static bool IsHarmless(Expression callback, RuleContext context) => callback switch
    {
        NullLiteral or BooleanLiteral or NumberLiteral or StringLiteral or ArrayExpression or UnaryExpression { Operator: UnaryOperator.Void } => true,
        Identifier { Name: "undefined" } name => context.Names.IsFree(name),
        _ => false,
    };
}
