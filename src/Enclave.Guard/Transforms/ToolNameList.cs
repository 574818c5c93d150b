using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Scopes;
using Enclave.JavaScript.Text;

namespace Enclave.Guard.Transforms;

/// <summary>The tools that a script names: strings, or constants that are strings, in calls of callTool.</summary>
internal static class ToolNameList
{
    /// <exception cref="WorkLimitException">The meter's limit is reached.</exception>
    public static ImmutableArray<string> Of(Program program, ScopeTree scopes, WorkMeter meter) => new Collector(program, scopes, meter).Collect();

    private sealed class Collector(Program program, ScopeTree scopes, WorkMeter meter) : AstVisitor
    {
        private readonly List<string> _names = [];
        private readonly ConstantText _constants = new(program, scopes);

        public ImmutableArray<string> Collect()
        {
            bool calls = scopes.Free.Any((reference) => reference.Identifier.Name == "callTool");
            if (calls) Visit(program);
            return [.. _names.Distinct(StringComparer.Ordinal)];
        }

        public override void Visit(Node node)
        {
            meter.Step();
            base.Visit(node);
        }

        protected override void VisitCallExpression(CallExpression node)
        {
            if (node is { Callee: Identifier { Name: "callTool" }, Arguments: [var first, ..] } && _constants.TryGet(first, out string? name)) _names.Add(name);
            base.VisitCallExpression(node);
        }
    }
}
