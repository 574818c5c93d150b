using System.Buffers;
using Enclave.Guard.PreScan;
using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Rules;

/// <summary><c>no-regex-methods</c>: methods that match regular expressions. match, matchAll and search also convert strings to them.</summary>
internal sealed class NoRegexMethodsRule(RegexUse use) : IGuardRule
{
    private static readonly SearchValues<char> s_syntax = SearchValues.Create("\\^$.*+?()[]{}|");
    private static readonly RuleCode s_refused = new("NO_REGEX_METHOD");
    private static readonly RuleCode s_many = new("REGEX_METHOD_TOO_MANY");
    private static readonly RuleCode s_dynamic = new("REGEX_METHOD_DYNAMIC", IssueSeverity.Warning);

    public static RuleDescription Description { get; } = new(
        "no-regex-methods", [s_refused, s_many, s_dynamic],
        "Refuses methods with a regular expression, and text that match, matchAll or search would read as one.",
        "Use includes, indexOf, startsWith, endsWith, split or replaceAll with plain text.");

    public RuleDescription About => Description;

    public ImmutableArray<NodeKind> Kinds { get; } = [NodeKind.CallExpression];

    public void Visit(Node node, RuleContext context)
    {
        var call = (CallExpression)node;
        if (call.Callee is not MemberExpression member || context.Keys.Of(member) is not [var method]) return;
        if (method is "test" or "exec")
        {
            if (use == RegexUse.Refuse && context.Names.Resolve(member.Object) is RegExpLiteral) Refuse(call, method, context);
            return;
        }

        if (method is not ("match" or "matchAll" or "search" or "replace" or "replaceAll" or "split") || call.Arguments is not [var first, ..]) return;
        if (context.Names.Resolve(first) is RegExpLiteral)
        {
            if (use == RegexUse.Refuse) Refuse(call, method, context);
        }
        else if (method is "match" or "matchAll" or "search") JudgeText(call, method, first, context);
    }

    /// <summary>Checks a text that becomes a pattern.</summary>
    private void JudgeText(CallExpression call, string method, Expression text, RuleContext context)
    {
        ReadOnlySpan<string> patterns = context.Keys.TextOf(text);
        // The object may be the script's own, with its own method of this name.
        if (patterns.IsEmpty && use == RegexUse.Refuse && MayBeText(context.Names.Resolve(text)))
        {
            context.Report(
                this, s_dynamic, call, $"'{method}' reads text as a regular expression", "Use includes or indexOf, which take plain text.", ("method", method));
        }

        foreach (string pattern in patterns)
        {
            if (use == RegexUse.Analyze && !context.TakePattern())
            {
                context.Report(this, s_many, call, $"Only {RuleContext.MaxPatterns} texts of a script may become patterns");
                return;
            }

            bool refused = use == RegexUse.Refuse
                ? pattern.AsSpan().ContainsAny(s_syntax)
                : RedosAnalysis.Analyze(pattern, "", RedosScope.Catastrophic) is not null;
            if (!refused) continue;
            Refuse(call, method, context);
            return;
        }
    }

    private static bool MayBeText(Expression argument) =>
        argument is not (ArrowFunctionExpression or ObjectExpression or ArrayExpression or NumberLiteral or BooleanLiteral);

    private void Refuse(CallExpression call, string method, RuleContext context) =>
        context.Report(this, s_refused, call, $"'{method}' with a regular expression is not allowed", data: ("method", method));
}
