using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Rules;

/// <summary>Counts the calls of functions in the text.</summary>
internal sealed class CallCount : AstVisitor
{
    private readonly RuleContext _context;
    private readonly ImmutableArray<string> _functions;
    private readonly int[] _counts;

    private CallCount(RuleContext context, ImmutableArray<string> functions)
    {
        _context = context;
        _functions = functions;
        _counts = new int[functions.Length];
    }

    public static int[] Of(RuleContext context, ImmutableArray<string> functions)
    {
        var count = new CallCount(context, functions);
        count.Visit(context.Program);
        return count._counts;
    }

    protected override void VisitCallExpression(CallExpression node)
    {
        int index = _context.Names.GlobalNameOf(node.Callee) is { } name ? _functions.IndexOf(name) : -1;
        if (index >= 0) _counts[index]++;
        base.VisitCallExpression(node);
    }
}
