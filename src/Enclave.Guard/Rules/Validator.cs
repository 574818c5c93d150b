using Enclave.JavaScript;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Scopes;
using Enclave.JavaScript.Text;

namespace Enclave.Guard.Rules;

/// <summary>Parses a script and applies the rules of a policy.</summary>
internal static class Validator
{
    /// <summary>Checks a script. It never throws. An empty text is a valid script.</summary>
    public static ValidationOutcome Validate(string source, GuardPolicy policy)
    {
        ParseResult result = Parser.Parse(source, policy.Parsing with { Language = SourceLanguage.Either });
        return result.Success
            ? Judge(source, result.Program, ScopeAnalysis.Analyze(result.Program), policy)
            : new ValidationOutcome(Unparsable(source, result, policy), null, null);
    }

    /// <summary>Explains why a text does not parse: an issue for each error.</summary>
    /// <remarks>A program that is valid only in sloppy mode is parsed once more in that mode: the rules
    /// explain the problem with 'with' better than the grammar.</remarks>
    public static ImmutableArray<GuardIssue> Unparsable(string source, ParseResult failed, GuardPolicy policy, WorkMeter? meter = null)
    {
        ImmutableArray<GuardIssue> issues = [.. failed.Errors.Select((error) => ParseIssue.Of(error, source))];
        if (failed.Errors[^1].Code != ParseErrorCode.EarlyError) return issues;
        ParseResult sloppy = Parser.Parse(source, policy.Parsing with { Mode = LanguageMode.Sloppy, Language = failed.Language }, meter);
        if (sloppy.Program is not { } program) return issues;
        ImmutableArray<GuardIssue> found = [.. Judge(source, program, ScopeAnalysis.Analyze(program, meter), policy, meter).Issues];
        return found.Any((candidate) => candidate.Severity == IssueSeverity.Error) ? [.. issues[..^1], .. found] : issues;
    }

    /// <summary>Checks a tree and its scopes.</summary>
    public static ValidationOutcome Judge(string source, Program program, ScopeTree scopes, GuardPolicy policy, WorkMeter? meter = null)
    {
        var context = new RuleContext(source, program, scopes, policy, meter);
        RuleWalk.Run(context);
        return new ValidationOutcome(context.Issues(), program, scopes);
    }
}
