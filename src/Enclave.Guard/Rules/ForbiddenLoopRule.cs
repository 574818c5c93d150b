using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Rules;

/// <summary><c>forbidden-loop</c>: kinds of loops that a policy does not allow.</summary>
internal sealed class ForbiddenLoopRule(LoopKinds allowed) : IGuardRule
{
    private static readonly RuleCode s_code = new("FORBIDDEN_LOOP");

    public static RuleDescription Description { get; } = new(
        "forbidden-loop", [s_code],
        "Refuses the kinds of loops that the policy does not have.",
        "Write for (const x of xs) or for (let i = 0; i < n; i++).");

    public RuleDescription About => Description;

    public ImmutableArray<NodeKind> Kinds { get; } =
        [NodeKind.ForStatement, NodeKind.WhileStatement, NodeKind.DoWhileStatement, NodeKind.ForOfStatement, NodeKind.ForInStatement];

    public void Visit(Node node, RuleContext context)
    {
        (LoopKinds kind, string name, string hint) = node.Kind switch
        {
            NodeKind.ForStatement => (LoopKinds.For, "for", "Use map, filter, reduce or forEach."),
            NodeKind.WhileStatement => (LoopKinds.While, "while", "Write for (let i = 0; i < limit && condition; i++) with a limit."),
            NodeKind.DoWhileStatement => (LoopKinds.DoWhile, "do-while", "Write for (let i = 0; i < limit; i++) with a limit, and break when done."),
            NodeKind.ForOfStatement => (LoopKinds.ForOf, "for-of", "Use map, filter, reduce or forEach."),
            _ => (LoopKinds.ForIn, "for-in", "Write for (const key of Object.keys(o))."),
        };
        if ((allowed & kind) == 0) context.Report(this, s_code, node, $"'{name}' loops are not allowed", hint, ("loopType", name));
    }
}
