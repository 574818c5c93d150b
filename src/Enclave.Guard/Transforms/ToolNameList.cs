using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Scopes;

namespace Enclave.Guard.Transforms;

/// <summary>The tools that a script names: what stands as a string in a call of callTool.</summary>
internal static class ToolNameList
{
    public static ImmutableArray<string> Of(Program program, ScopeTree scopes) => new Collector(scopes).Collect(program);

    private sealed class Collector(ScopeTree scopes) : AstVisitor
    {
        private readonly List<string> _names = [];

        public ImmutableArray<string> Collect(Program program)
        {
            bool calls = scopes.Free.Any((reference) => reference.Identifier.Name == "callTool");
            if (calls) Visit(program);
            return [.. _names.Distinct(StringComparer.Ordinal)];
        }

        protected override void VisitCallExpression(CallExpression node)
        {
            if (node is { Callee: Identifier { Name: "callTool" }, Arguments: [StringLiteral name, ..] }) _names.Add(name.Value);
            base.VisitCallExpression(node);
        }
    }
}
