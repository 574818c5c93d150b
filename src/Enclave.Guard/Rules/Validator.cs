using Enclave.JavaScript;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Scopes;
using Enclave.JavaScript.Text;

namespace Enclave.Guard.Rules;

/// <summary>Applies the rules of a policy to a script.</summary>
internal static class Validator
{
    /// <summary>Explains why a text does not parse: an issue for each error.</summary>
    /// <remarks>A program that is valid only in sloppy mode is parsed once more in that mode: the rules
    /// explain the problem with 'with' better than the grammar.</remarks>
    public static ImmutableArray<GuardIssue> Unparsable(string source, ParseResult failed, GuardPolicy policy, WorkMeter? meter = null)
    {
        ImmutableArray<GuardIssue> issues = [.. failed.Errors.Select((error) => ParseIssue.Of(error, source))];
        if (failed.Errors[^1].Code != ParseErrorCode.EarlyError) return issues;
        ParseResult sloppy = Parser.Parse(source, policy.Parsing with { Mode = LanguageMode.Sloppy, Language = failed.Language }, meter);
        if (sloppy.Program is not { } program) return issues;
        ImmutableArray<GuardIssue> found = Judge(source, program, ScopeAnalysis.Analyze(program, meter), policy, meter);
        return found.Any((candidate) => candidate.Severity == IssueSeverity.Error) ? [.. issues[..^1], .. found] : issues;
    }

    /// <summary>Checks a tree and its scopes: the issues by place, then by severity.</summary>
    public static ImmutableArray<GuardIssue> Judge(string source, Program program, ScopeTree scopes, GuardPolicy policy, WorkMeter? meter = null)
    {
        var context = new RuleContext(source, program, scopes, policy, meter);
        RuleWalk.Run(context);
        return context.Issues();
    }
}
