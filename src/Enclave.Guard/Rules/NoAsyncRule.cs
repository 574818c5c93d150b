using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Rules;

/// <summary><c>no-async</c>: no concurrency. Tools are awaited at the top level.</summary>
/// <remarks>The JavaScript product refuses every await, and with it every script that calls a tool. Here <c>await callTool(…)</c> and
/// <c>await parallel(…)</c> are allowed outside functions, and so are the waits of durable runs.</remarks>
internal sealed class NoAsyncRule : IGuardRule
{
    private static readonly RuleCode s_async = new("NO_ASYNC");
    private static readonly RuleCode s_await = new("NO_AWAIT");

    public static RuleDescription Description { get; } = new(
        "no-async", [s_async, s_await],
        "Refuses async functions, and await but for tools at the top level.",
        "Await tools outside functions, one after another: const x = await callTool('name', { … }).");

    public RuleDescription About => Description;

    public ImmutableArray<NodeKind> Kinds { get; } =
        [NodeKind.FunctionDeclaration, NodeKind.FunctionExpression, NodeKind.ArrowFunctionExpression, NodeKind.AwaitExpression, NodeKind.ForOfStatement];

    public void Visit(Node node, RuleContext context)
    {
        switch (node)
        {
            case IFunction { IsAsync: true }:
                context.Report(this, s_async, node, "Async functions are not allowed");
                break;
            case ForOfStatement { IsAwait: true }:
                context.Report(this, s_await, node, "'for await' is not allowed", "Await the tools first, then loop over their results.");
                break;
            case AwaitExpression wait when !(IsTool(wait.Argument, context) && IsTopLevel(context)):
                context.Report(this, s_await, node, "'await' is allowed only for tools, outside functions");
                break;
        }
    }

    private static bool IsTool(Expression awaited, RuleContext context) => awaited is CallExpression call
        && (context.Names.GlobalNameOf(call.Callee) is { } name && (name is "callTool" or "parallel" || RunGlobals.All.Contains(name))
            || call.Callee is MemberExpression { IsComputed: false } member && context.Names.GlobalNameOf(member.Object) == RunGlobals.Limits);

    private static bool IsTopLevel(RuleContext context)
    {
        for (int i = 0; context.Ancestor(i) is { } node; i++)
        {
            if (node is IFunction) return false;
        }

        return true;
    }
}
