using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Scopes;

namespace Enclave.Guard.Rules;

/// <summary>The issues that the rules found, and the tree for the transform.</summary>
/// <param name="Issues">By place, then by severity.</param>
/// <param name="Program">The tree; null if the text is not a program.</param>
/// <param name="Scopes">Its scopes; null if the text is not a program.</param>
internal sealed record ValidationOutcome(ImmutableArray<GuardIssue> Issues, Program? Program, ScopeTree? Scopes)
{
    /// <summary>True if the script may run.</summary>
    public bool Valid => Issues.All((issue) => issue.Severity != IssueSeverity.Error);
}
