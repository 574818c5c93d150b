namespace Enclave.Guard.Rules;

/// <summary>The descriptions of all rules.</summary>
internal static class RuleCatalogue
{
    /// <summary>The rules in the order of the documentation.</summary>
    public static ImmutableArray<RuleDescription> All { get; } =
    [
        NoEvalRule.Description,
        DisallowedIdentifierRule.Description,
        NoGlobalAccessRule.Description,
        ForbiddenLoopRule.Description,
        InfiniteLoopRule.Description,
        UnknownGlobalRule.Description,
        ReservedPrefixRule.Description,
        NoUserFunctionsRule.Description,
        UnreachableCodeRule.Description,
        StaticCallTargetRule.Description,
        RequiredFunctionCallRule.Description,
        CallArgumentValidationRule.Description,
        NoRegexLiteralRule.Description,
        NoRegexMethodsRule.Description,
        NoComputedDestructuringRule.Description,
        ResourceExhaustionRule.Description,
        NoJsonCallbacksRule.Description,
        NoAsyncRule.Description,
        NoCallTargetAssignmentRule.Description,
        UnicodeSecurityRule.Description,
        FencedTextRule.Description,
        ToolCallRules.Names,
        ToolCallRules.Arguments,
        ToolCallRules.Answers,
    ];
}
