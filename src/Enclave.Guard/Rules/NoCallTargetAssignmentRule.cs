using System.Collections.Frozen;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Scopes;

namespace Enclave.Guard.Rules;

/// <summary><c>no-call-target-assignment</c>: the name callTool means the same in every scope, so a reader can trust it.</summary>
internal sealed class NoCallTargetAssignmentRule(FrozenSet<string> targets) : IGuardRule
{
    private static readonly RuleCode s_code = new("NO_CALL_TARGET_ASSIGNMENT");

    public static RuleDescription Description { get; } = new(
        "no-call-target-assignment", [s_code],
        "Refuses to declare or assign callTool.",
        "Choose another name for it.");

    public RuleDescription About => Description;

    public ImmutableArray<NodeKind> Kinds { get; } = [NodeKind.AssignmentExpression, NodeKind.UpdateExpression];

    public void Visit(Node node, RuleContext context)
    {
        Node target = node is AssignmentExpression assignment ? assignment.Left : ((UpdateExpression)node).Argument;
        if (target is not MemberExpression member || !context.Names.IsGlobalObject(member.Object)) return;
        foreach (string key in context.Keys.Of(member))
        {
            if (targets.Contains(key)) Report(key, node, context);
        }
    }

    public void Finish(RuleContext context)
    {
        foreach (Scope scope in context.Scopes.Scopes)
        {
            foreach (Binding binding in scope.Bindings)
            {
                bool isInner = binding.Kind == BindingKind.ClassName && scope.Node is ClassDeclaration;
                if (targets.Contains(binding.Name) && binding.Declaration is { } at && !isInner) Report(binding.Name, at, context);
            }
        }

        foreach (Reference reference in context.Scopes.Free)
        {
            if (reference.IsWrite && targets.Contains(reference.Identifier.Name)) Report(reference.Identifier.Name, reference.Identifier, context);
        }
    }

    private void Report(string name, Node at, RuleContext context) =>
        context.Report(this, s_code, at, $"'{name}' cannot be declared or assigned", data: ("identifier", name));
}
