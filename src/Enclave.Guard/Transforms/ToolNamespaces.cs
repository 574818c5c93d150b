using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Scopes;

namespace Enclave.Guard.Transforms;

/// <summary>Makes calls of callTool out of calls through namespaces: <c>tools.orders.list(args)</c> is <c>callTool('orders:list', args)</c>, before any rule looks at it.</summary>
/// <remarks>Only calls: what takes a namespace or a function out of <c>tools</c> refers to a global that does not exist.</remarks>
internal sealed class ToolNamespaces : AstRewriter
{
    /// <summary>The name that namespaces begin with, where a script and its host leave it free.</summary>
    public const string Root = "tools";

    private const int MaxParts = 16;

    private readonly HashSet<Identifier> _roots;
    private readonly ImmutableArray<NamespaceCall>.Builder _calls = ImmutableArray.CreateBuilder<NamespaceCall>();

    private ToolNamespaces(HashSet<Identifier> roots) => _roots = roots;

    /// <summary>The program with these calls, and which they are; the same program where there are none.</summary>
    public static (Program Program, ImmutableArray<NamespaceCall> Calls) Rewrite(Program program, ScopeTree scopes)
    {
        HashSet<Identifier> roots = [.. scopes.Free.Where((reference) => reference.Identifier.Name == Root).Select((reference) => reference.Identifier)];
        if (roots.Count == 0) return (program, []);
        var rewriter = new ToolNamespaces(roots);
        return ((Program)rewriter.Rewrite(program), rewriter._calls.ToImmutable());
    }

    protected override Node VisitCallExpression(CallExpression node)
    {
        if (node.IsOptional || NameOf(node.Callee) is not { } name) return base.VisitCallExpression(node);
        _calls.Add(new NamespaceCall(name, node.Callee));
        var callee = new Identifier(node.Callee.Start, node.Callee.End, "callTool");
        var literal = new StringLiteral(node.Callee.Start, node.Callee.End, name);
        return new CallExpression(node.Start, node.End, callee, [literal, .. RewriteList(node.Arguments)], isOptional: false);
    }

    /// <summary>The tool's name: the members' names with colons between them; null where the callee is something else.</summary>
    private string? NameOf(Expression callee)
    {
        var parts = new Stack<string>();
        Expression at = callee;
        while (at is MemberExpression { IsOptional: false } member && parts.Count < MaxParts)
        {
            string? part = member switch
            {
                { IsComputed: false, Property: Identifier name } => name.Name,
                { IsComputed: true, Property: StringLiteral name } => name.Value,
                _ => null,
            };
            if (part is null) return null;
            parts.Push(part);
            at = member.Object;
        }

        return parts.Count > 0 && at is Identifier root && _roots.Contains(root) ? string.Join(':', parts) : null;
    }
}
