using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Scopes;

namespace Enclave.Guard.Rules;

/// <summary>What the rules say of a script, and what they read, for the transform.</summary>
/// <param name="Issues">By place, then by severity.</param>
/// <param name="Program">The tree; null if the text is no program.</param>
/// <param name="Scopes">Its scopes; null if the text is no program.</param>
internal sealed record ValidationOutcome(ImmutableArray<GuardIssue> Issues, Program? Program, ScopeTree? Scopes)
{
    /// <summary>Whether the script may run.</summary>
    public bool Valid => Issues.All((issue) => issue.Severity != IssueSeverity.Error);
}
