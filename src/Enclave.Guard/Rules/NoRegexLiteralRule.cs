using System.Collections.Frozen;
using Enclave.Guard.PreScan;
using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Rules;

/// <summary><c>no-regex-literal</c>: refuses all regular expressions, or those that may take too long.</summary>
internal sealed class NoRegexLiteralRule(RegexUse use, int maxLength, FrozenSet<string> allowedPatterns) : IGuardRule
{
    private static readonly RuleCode s_refused = new("NO_REGEX_LITERAL");
    private static readonly RuleCode s_long = new("REGEX_TOO_LONG");
    private static readonly RuleCode s_many = new("REGEX_TOO_MANY");
    private static readonly RuleCode s_vulnerable = new("REGEX_REDOS_VULNERABLE");
    private static readonly RuleCode s_suspicious = new("REGEX_REDOS_SUSPICIOUS", IssueSeverity.Warning);
    private static readonly RuleCode s_dynamic = new("REGEX_DYNAMIC_PATTERN", IssueSeverity.Warning);

    public static RuleDescription Description { get; } = new(
        "no-regex-literal", [s_refused, s_long, s_many, s_vulnerable, s_suspicious, s_dynamic],
        "Refuses regular expressions, or only those that may backtrack without end.",
        "Use includes, startsWith, endsWith, indexOf, slice or split with plain text.");

    public RuleDescription About => Description;

    public ImmutableArray<NodeKind> Kinds { get; } = [NodeKind.RegExpLiteral, NodeKind.CallExpression, NodeKind.NewExpression];

    public void Visit(Node node, RuleContext context)
    {
        switch (node)
        {
            case RegExpLiteral literal: Judge(literal, literal.Pattern, literal.Flags, context); break;
            case CallExpression call: VisitCreation(call, call.Callee, call.Arguments, context); break;
            case NewExpression creation: VisitCreation(creation, creation.Callee, creation.Arguments, context); break;
        }
    }

    private void VisitCreation(Node node, Expression callee, ImmutableArray<Expression> arguments, RuleContext context)
    {
        if (context.Names.GlobalNameOf(callee) != "RegExp") return;
        if (use == RegexUse.Refuse)
        {
            context.Report(this, s_refused, node, "Regular expressions are not allowed");
            return;
        }

        if (arguments is not [var first, ..] || first is RegExpLiteral) return;
        ReadOnlySpan<string> patterns = context.Keys.TextOf(first);
        if (patterns.IsEmpty)
        {
            context.Report(this, s_dynamic, node, "This pattern is made at run time", "Write the pattern as a literal, so that it can be checked.");
        }
        // Flags do not matter here: i and s only make more characters match.
        foreach (string pattern in patterns) Judge(node, pattern, "", context);
    }

    private void Judge(Node at, string pattern, string flags, RuleContext context)
    {
        if (allowedPatterns.Contains(pattern)) return;
        if (use == RegexUse.Refuse)
        {
            context.Report(this, s_refused, at, "Regular expressions are not allowed");
            return;
        }

        if (pattern.Length > maxLength)
        {
            context.Report(
                this, s_long, at,
                $"This pattern has {pattern.Length} characters; {maxLength} are allowed", "Use several shorter patterns.", ("actual", pattern.Length),
                ("limit", maxLength));
            return;
        }

        if (at is not RegExpLiteral && !context.TakePattern())
        {
            context.Report(this, s_many, at, $"Only {RuleContext.MaxPatterns} texts of a script may become patterns", "Create each pattern once.");
            return;
        }

        if (RedosAnalysis.Analyze(pattern, flags, RedosScope.Polynomial) is not { } slow) return;
        (RuleCode code, string message) = slow.Score >= RedosAnalysis.FatalScore
            ? (s_vulnerable, $"This pattern may backtrack without end: {slow.Reason}")
            : (s_suspicious, $"This pattern may backtrack for long: {slow.Reason}");
        context.Report(this, code, at, message, "Do not repeat what repeats itself: (a+)+ is a+.", ("score", slow.Score));
    }
}

/// <summary>A policy's rule for regular expressions.</summary>
internal enum RegexUse
{
    /// <summary>All are refused.</summary>
    Refuse,

    /// <summary>Each is analysed.</summary>
    Analyze,
}
