using Enclave.Guard.Presets;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Scopes;

namespace Enclave.Guard.Rules;

/// <summary>Reads a script and applies the rules of a policy to it.</summary>
internal static class Validator
{
    /// <summary>Judges a script. No text makes this throw; an empty one is a valid script.</summary>
    public static ValidationOutcome Validate(string source, GuardPolicy policy)
    {
        ParseResult result = Parser.Parse(source, policy.Parsing);
        return result.Success
            ? Judge(source, result.Program, ScopeAnalysis.Analyze(result.Program), policy)
            : new ValidationOutcome([ParseIssue.Of(result.Error, source)], null, null);
    }

    /// <summary>Judges a tree and its scopes.</summary>
    public static ValidationOutcome Judge(string source, Program program, ScopeTree scopes, GuardPolicy policy)
    {
        var context = new RuleContext(source, program, scopes, policy);
        RuleWalk.Run(context);
        return new ValidationOutcome(context.Issues(), program, scopes);
    }
}
