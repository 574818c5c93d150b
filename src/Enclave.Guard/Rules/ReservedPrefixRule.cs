using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Scopes;

namespace Enclave.Guard.Rules;

/// <summary><c>reserved-prefix</c>: names that the transform uses for its own variables.</summary>
internal sealed class ReservedPrefixRule(ImmutableArray<string> prefixes) : IGuardRule
{
    private static readonly RuleCode s_declaration = new("RESERVED_PREFIX");
    private static readonly RuleCode s_assignment = new("RESERVED_PREFIX_ASSIGNMENT");
    private static readonly RuleCode s_member = new("RESERVED_PREFIX_MEMBER_ASSIGNMENT");

    public static RuleDescription Description { get; } = new(
        "reserved-prefix", [s_declaration, s_assignment, s_member],
        "Refuses declarations of and assignments to names with a reserved prefix.",
        "Choose another name.");

    public RuleDescription About => Description;

    public ImmutableArray<NodeKind> Kinds { get; } =
    [
        NodeKind.AssignmentExpression, NodeKind.UpdateExpression, NodeKind.ObjectPattern, NodeKind.ArrayPattern, NodeKind.UnaryExpression,
        NodeKind.ForOfStatement, NodeKind.ForInStatement,
    ];

    public void Visit(Node node, RuleContext context)
    {
        switch (node)
        {
            case AssignmentExpression assignment: VisitTarget(assignment.Left, context); break;
            case UpdateExpression update: VisitTarget(update.Argument, context); break;
            case UnaryExpression { Operator: UnaryOperator.Delete } deletion: VisitTarget(deletion.Argument, context); break;
            case ForOfStatement loop: VisitTarget(loop.Left, context); break;
            case ForInStatement loop: VisitTarget(loop.Left, context); break;
            case ObjectPattern pattern:
                foreach (Node property in pattern.Properties) VisitTarget(property is Property { Value: var value } ? value : property, context);
                break;
            case ArrayPattern pattern:
                foreach (Node? element in pattern.Elements) VisitTarget(element, context);
                break;
        }
    }

    public void Finish(RuleContext context)
    {
        foreach (Scope scope in context.Scopes.Scopes)
        {
            foreach (Binding binding in scope.Bindings)
            {
                if (!IsReserved(binding.Name) || binding.Declaration is not { } at) continue;
                // A class's name is also bound inside the class.
                if (binding.Kind == BindingKind.ClassName && scope.Node is ClassDeclaration) continue;
                context.Report(this, s_declaration, at, $"'{binding.Name}' begins with a reserved prefix", data: ("identifier", binding.Name));
            }
        }

        foreach (Reference reference in context.Scopes.Free)
        {
            if (!reference.IsWrite || !IsReserved(reference.Identifier.Name)) continue;
            context.Report(
                this, s_assignment, reference.Identifier,
                $"'{reference.Identifier.Name}' begins with a reserved prefix and cannot be assigned", data: ("identifier", reference.Identifier.Name));
        }
    }

    private void VisitTarget(Node? target, RuleContext context)
    {
        Node? inner = target switch
        {
            AssignmentPattern pattern => pattern.Left,
            RestElement rest => rest.Argument,
            ChainExpression chain => chain.Expression,
            _ => target,
        };
        if (inner is not MemberExpression member) return;
        foreach (string key in context.Keys.Of(member))
        {
            if (!IsReserved(key)) continue;
            context.Report(this, s_member, member, $"'{key}' begins with a reserved prefix and cannot be assigned", data: ("identifier", key));
            return;
        }
    }

    private bool IsReserved(string name)
    {
        foreach (string prefix in prefixes)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal)) return true;
        }

        return false;
    }
}
