using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Scopes;
using Enclave.JavaScript.Text;

namespace Enclave.Guard.Transforms;

/// <summary>Turns an accepted program into the one that runs: it returns its value, counts iterations and checks keys.</summary>
/// <remarks>
/// Every new node has the offset of the node that it serves, so that the source map leads errors to the user's text.
/// A script can reach the added code only through names that <see cref="FindReserved"/> refuses.
/// </remarks>
internal sealed partial class ProgramTransform : AstRewriter
{
    private readonly HarmlessKeys? _harmless;
    private readonly SteppedLoops _stepped;
    private readonly WorkMeter? _meter;
    private int _loops;

    private ProgramTransform(HarmlessKeys? harmless, SteppedLoops stepped, WorkMeter? meter) =>
        (_harmless, _stepped, _meter) = (harmless, stepped, meter);

    /// <summary>The program that runs.</summary>
    public static Program Transform(Program program, ScopeTree scopes, KeyGuard keys, WorkMeter? meter = null)
    {
        var transform = new ProgramTransform(keys == KeyGuard.On ? new HarmlessKeys(program, scopes) : null, new SteppedLoops(scopes), meter);
        return (Program)transform.Rewrite(program);
    }

    /// <summary>Finds an identifier with a reserved name; null if there is none. A program with one must not be transformed.</summary>
    public static Identifier? FindReserved(ScopeTree scopes)
    {
        foreach (Reference reference in scopes.References)
        {
            if (reference.Identifier.Name.StartsWith(HiddenNames.Prefix, StringComparison.Ordinal)) return reference.Identifier;
        }

        foreach (Scope scope in scopes.Scopes)
        {
            foreach (Binding binding in scope.Bindings)
            {
                if (binding.Declaration is { } declaration && binding.Name.StartsWith(HiddenNames.Prefix, StringComparison.Ordinal)) return declaration;
            }
        }

        return null;
    }

    public override Node Rewrite(Node node)
    {
        _meter?.Step();
        return base.Rewrite(node);
    }

    // The value of a program is that of its last expression statement. A return before it gives its own value.
    protected override Node VisitProgram(Program node)
    {
        ImmutableArray<Statement> body = RewriteList(node.Body);
        if (body is [.., ExpressionStatement last])
        {
            body = body.SetItem(body.Length - 1, new ReturnStatement(last.Start, last.End, last.Expression));
        }

        return new Program(node.Start, node.End, body, node.Goal);
    }

    private static Identifier Name(Node at, string name) => new(at.Start, at.Start, name);

    private static ExpressionStatement Statement(Expression expression) => new(expression.Start, expression.End, expression, null);
}
