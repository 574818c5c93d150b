using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Rules;

/// <summary><c>no-eval</c>: no text becomes code, and no code is loaded.</summary>
internal sealed class NoEvalRule(CodeProbes probes = CodeProbes.Refuse) : IGuardRule
{
    private static readonly RuleCode s_code = new("NO_EVAL");

    public static RuleDescription Description { get; } = new(
        "no-eval", [s_code],
        "Refuses eval, Function, timers that are given text, with, and import().",
        "Write the code itself; text cannot be run.");

    public RuleDescription About => Description;

    public ImmutableArray<NodeKind> Kinds { get; } =
        [NodeKind.CallExpression, NodeKind.NewExpression, NodeKind.TaggedTemplateExpression, NodeKind.WithStatement, NodeKind.ImportExpression];

    public void Visit(Node node, RuleContext context)
    {
        switch (node)
        {
            case CallExpression call:
                Judge(call, call.Callee, call.Arguments, context);
                break;
            case NewExpression creation:
                Judge(creation, creation.Callee, creation.Arguments, context);
                break;
            case TaggedTemplateExpression tagged:
                Judge(tagged, tagged.Tag, [], context);
                break;
            case WithStatement:
                context.Report(this, s_code, node, "'with' is not allowed: it hides what names stand for", "Name the object: o.x instead of with (o) x.");
                break;
            default:
                context.Report(
                    this, s_code, node,
                    "import() is not allowed: a script loads no code", ModuleHints.For(context.Source.AsSpan(node.Start)));
                break;
        }
    }

    private static bool IsGlobalObjectIdiom(string? name, ImmutableArray<Expression> arguments) =>
        name == "Function" && arguments is [StringLiteral { Value: "return this" }];

    /// <summary>True if the visited node stands in the block of a try statement with a catch clause, within its own function.</summary>
    private static bool IsCaught(RuleContext context)
    {
        Node? inner = null;
        for (int i = 0; context.Ancestor(i) is { } outer and not IFunction; inner = outer, i++)
        {
            if (outer is TryStatement { Handler: not null } attempt && ReferenceEquals(attempt.Block, inner)) return true;
        }

        return false;
    }

    private void Judge(Node node, Expression callee, ImmutableArray<Expression> arguments, RuleContext context)
    {
        string? name = context.Names.GlobalNameOf(callee);
        if (probes == CodeProbes.Allow && (IsGlobalObjectIdiom(name, arguments) || IsCaught(context))) return;
        if (name is "eval" or "Function" or "AsyncFunction" or "GeneratorFunction" or "AsyncGeneratorFunction")
        {
            context.Report(this, s_code, node, $"{name} is not allowed: it turns text into code");
        }
        else if (name is "setTimeout" or "setInterval" && arguments is [var first, ..] && context.Keys.TextOf(first).Length > 0)
        {
            context.Report(this, s_code, node, $"{name} with text is not allowed: it turns text into code", "Give an arrow function instead of text.");
        }
    }
}

/// <summary>
/// A policy's rule for programs that only probe whether text may become code: <c>Function('return this')</c>, with which bundles look for the global
/// object, inside a try with a catch clause. It throws at run time.
/// </summary>
internal enum CodeProbes
{
    /// <summary>Refused like any other text that becomes code.</summary>
    Refuse,

    /// <summary>Allowed in the text.</summary>
    Allow,
}
