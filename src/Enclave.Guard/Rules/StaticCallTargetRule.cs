using System.Collections.Frozen;
using Enclave.Guard.Transforms;
using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Rules;

/// <summary><c>static-call-target</c>: the text must show which tools a script calls.</summary>
/// <param name="tools">The names that may stand in a call; null for any.</param>
/// <param name="suggested">Those of them that hints may name.</param>
internal sealed class StaticCallTargetRule(FrozenSet<string>? tools, IReadOnlyCollection<string> suggested) : IGuardRule
{
    private static readonly RuleCode s_missing = new("MISSING_CALL_TARGET");
    private static readonly RuleCode s_dynamic = new("DYNAMIC_CALL_TARGET");
    private static readonly RuleCode s_unknown = new("UNKNOWN_TOOL_NAME");

    public static RuleDescription Description { get; } = new(
        "static-call-target", [s_missing, s_dynamic, s_unknown],
        "Refuses callTool unless its first argument is the name of a tool, written as a string or as a constant that is one.",
        "Write the tool's name as a string: await callTool('users:list', { … }).");

    private readonly NameIndex _names = new(suggested);

    public RuleDescription About => Description;

    public ImmutableArray<NodeKind> Kinds { get; } = [NodeKind.CallExpression, NodeKind.NewExpression, NodeKind.Identifier];

    public void Visit(Node node, RuleContext context)
    {
        switch (node)
        {
            case Identifier { Name: "callTool" } identifier: VisitUse(identifier, context); break;
            case CallExpression call when context.Names.GlobalNameOf(call.Callee) == "callTool": VisitCall(call, context); break;
        }
    }

    private void VisitCall(CallExpression call, RuleContext context)
    {
        if (call.Arguments is not [var first, ..]) context.Report(this, s_missing, call, "callTool needs the name of a tool");
        else if (!context.Constants.TryGet(first, out string? name))
            context.Report(this, s_dynamic, first, $"The name of the tool has to stand in the call, with at most {ConstantText.MaxLength} characters");
        // Searching for a similar name is expensive.
        else if (tools?.Contains(name) == false && context.HasRoom(this, s_unknown))
            context.Report(this, s_unknown, first, $"There is no tool '{name}'", Suggest(name, context), ("tool", name));
    }

    /// <summary>A copy of callTool, under any name, could be called without showing the tool's name.</summary>
    private void VisitUse(Identifier identifier, RuleContext context)
    {
        if (context.Names.ReferenceOf(identifier) is not { Binding: null, IsRead: true }) return;
        bool seen = context.Parent switch
        {
            CallExpression call => ReferenceEquals(call.Callee, identifier),
            SequenceExpression sequence => context.Ancestor(1) is CallExpression call && ReferenceEquals(call.Callee, sequence),
            UnaryExpression { Operator: UnaryOperator.TypeOf or UnaryOperator.Not } or BinaryExpression or ExpressionStatement or IfStatement => true,
            // A pattern reads data fields from it. Other fields have their own rule.
            VariableDeclarator { Id: ObjectPattern } => true,
            _ => false,
        };
        if (!seen) context.Report(this, s_dynamic, identifier, "callTool can be called, not handed on", "Wrap the call: (x) => callTool('name', x).");
    }

    private string Suggest(string name, RuleContext context) =>
        _names.Nearest(name, context.Meter) is { } near ? $"Did you mean '{near}'?" : "Use the name of a tool that this script is given.";
}
