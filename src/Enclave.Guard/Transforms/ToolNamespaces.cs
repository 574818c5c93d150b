using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Scopes;

namespace Enclave.Guard.Transforms;

/// <summary>
/// Replaces calls through namespaces with callTool, before any rule sees them:
/// <c>tools.orders.list(args)</c> becomes <c>callTool('orders:list', args)</c>.
/// </summary>
/// <remarks>
/// Only calls are replaced. For code that reads a namespace or a function of <c>tools</c> the host makes an object, where the rules allow it.
/// </remarks>
internal sealed class ToolNamespaces : AstRewriter
{
    /// <summary>The name before all namespaces, unless the script or its host uses it otherwise.</summary>
    public const string Root = "tools";

    private const int MaxParts = 16;

    private readonly HashSet<Identifier> _roots;
    private bool _found;

    private ToolNamespaces(HashSet<Identifier> roots) => _roots = roots;

    /// <summary>The program with the replaced calls. Without such calls, the same program.</summary>
    public static Program Rewrite(Program program, ScopeTree scopes)
    {
        HashSet<Identifier> roots = [.. scopes.Free.Where((reference) => reference.Identifier.Name == Root).Select((reference) => reference.Identifier)];
        if (roots.Count == 0) return program;
        var rewriter = new ToolNamespaces(roots);
        var rewritten = (Program)rewriter.Rewrite(program);
        return rewriter._found ? rewritten : program;
    }

    protected override Node VisitCallExpression(CallExpression node)
    {
        if (node.IsOptional || NameOf(node.Callee) is not { } name) return base.VisitCallExpression(node);
        _found = true;
        var callee = new Identifier(node.Callee.Start, node.Callee.End, "callTool");
        var literal = new StringLiteral(node.Callee.Start, node.Callee.End, name);
        return new CallExpression(node.Start, node.End, callee, [literal, .. RewriteList(node.Arguments)], isOptional: false);
    }

    /// <summary>The tool's name: the members' names joined by colons. Null for other callees.</summary>
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
