using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Rules;

/// <summary>Walks once over a tree and passes each node to the rules for its kind.</summary>
internal sealed class RuleWalk : AstVisitor
{
    private readonly RuleContext _context;
    private readonly IGuardRule[]?[] _byKind;

    private RuleWalk(RuleContext context)
    {
        _context = context;
        _byKind = context.Policy.ByKind;
    }

    /// <summary>Applies all rules of the context's policy.</summary>
    public static void Run(RuleContext context)
    {
        new RuleWalk(context).Visit(context.Program);
        foreach (IGuardRule rule in context.Policy.Rules)
        {
            context.Meter?.CheckLimits();
            rule.Finish(context);
        }
    }

    /// <summary>Groups the rules by kind of node. Keeps their order.</summary>
    public static IGuardRule[]?[] Dispatch(ImmutableArray<IGuardRule> rules)
    {
        var table = new IGuardRule[]?[(int)NodeKind.ExportAllDeclaration + 1];
        foreach (IGuardRule rule in rules)
        {
            foreach (NodeKind kind in rule.Kinds) table[(int)kind] = [.. table[(int)kind] ?? [], rule];
        }

        return table;
    }

    public override void Visit(Node node)
    {
        _context.Meter?.Step();
        if (_byKind[(int)node.Kind] is { } rules)
        {
            foreach (IGuardRule rule in rules) rule.Visit(node, _context);
        }

        if (node.Kind is NodeKind.Identifier or NodeKind.StringLiteral or NodeKind.NumberLiteral) return;
        _context.Enter(node);
        base.Visit(node);
        _context.Leave();
    }
}
