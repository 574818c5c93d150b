using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Scopes;
using Enclave.JavaScript.Text;

namespace Enclave.Guard.Transforms;

/// <summary>Makes of an accepted program the one that runs: with its value, counted iterations and checked keys.</summary>
/// <remarks>
/// Every node that is made stands at the offset of the one it serves, so that the source map leads errors to the user's text.
/// What it adds can be met by a script only through names that <see cref="FindReserved"/> refuses.
/// </remarks>
internal sealed partial class ProgramTransform : AstRewriter
{
    private readonly HarmlessKeys? _harmless;
    private int _loops;

    private readonly WorkMeter? _meter;

    private ProgramTransform(HarmlessKeys? harmless, WorkMeter? meter) => (_harmless, _meter) = (harmless, meter);

    /// <summary>The program that runs.</summary>
    public static Program Transform(Program program, ScopeTree scopes, KeyGuard keys, WorkMeter? meter = null)
    {
        var transform = new ProgramTransform(keys == KeyGuard.On ? new HarmlessKeys(program, scopes) : null, meter);
        return (Program)transform.Rewrite(program);
    }

    /// <summary>An identifier of the program that is a name of ours; null if there is none. Such a program must not be transformed.</summary>
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

    // The value of a program is that of its final expression statement; a return before it has its own.
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
