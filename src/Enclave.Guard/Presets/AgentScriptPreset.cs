using System.Collections.Frozen;
using Enclave.Guard.Options;
using Enclave.Guard.Rules;

namespace Enclave.Guard.Presets;

/// <summary>The preset <c>agentscript</c>: docs/agentscript.md.</summary>
internal static class AgentScriptPreset
{
    private const int MaxPatternLength = 500;

    public static PresetRules Rules(GuardLevelRow level, IReadOnlySet<string> allowed, GuardOptions options) =>
        level.AgentScript is { } subset ? Subset(subset, level, allowed, options) : WholeLanguage(level, allowed, options);

    private static PresetRules Subset(AgentScriptSubset subset, GuardLevelRow level, IReadOnlySet<string> allowed, GuardOptions options)
    {
        FrozenSet<string> disallowed = PresetNames.Code.Concat(PresetNames.GlobalObject)
            .Concat(PresetNames.Host).Concat(PresetNames.Engine).Concat(PresetNames.Errors)
            .Except(allowed, StringComparer.Ordinal).Concat(options.AdditionalDisallowedIdentifiers).ToFrozenSet(StringComparer.Ordinal);
        return new PresetRules(
            [
                new DisallowedIdentifierRule(disallowed, PresetNames.EngineMembers, OptionalRules.Anywhere(options)),
                new NoEvalRule(),
                OptionalRules.Prefixes(options),
                new UnknownGlobalRule(disallowed),
                new NoUserFunctionsRule(options.AllowArrowFunctions ? ArrowUse.Allow : ArrowUse.Refuse),
                new NoGlobalAccessRule(GlobalObjectUse.Refuse, PresetNames.Reflection, ReflectUse.Refuse),
                new ForbiddenLoopRule(options.AllowedLoops ?? level.AgentScriptLoops),
                new InfiniteLoopRule(),
                new UnreachableCodeRule(),
                .. OptionalRules.CallTargets(options, level.AgentScriptCallTargets),
                new NoCallTargetAssignmentRule(PresetNames.CallTargets),
                new NoRegexLiteralRule(subset.Regexes, MaxPatternLength, FrozenSet<string>.Empty),
                new NoRegexMethodsRule(subset.Regexes),
                new NoComputedDestructuringRule(PresetNames.PrototypeMembers, ComputedKeys.Refuse),
                new ResourceExhaustionRule(ResourceLimits.Documented, PresetNames.PrototypeMembers),
                new NoJsonCallbacksRule(),
                new UnicodeSecurityRule(subset.DirectionControls),
                .. options.AllowAsync == false ? [new NoAsyncRule()] : ImmutableArray<IGuardRule>.Empty,
            ]);
    }

    /// <summary>The whole language except for parts that reach the engine.</summary>
    private static PresetRules WholeLanguage(GuardLevelRow level, IReadOnlySet<string> allowed, GuardOptions options)
    {
        FrozenSet<string> disallowed = PresetNames.Code.Append("WebAssembly").Append("ShadowRealm").Except(allowed, StringComparer.Ordinal)
            .Concat(options.AdditionalDisallowedIdentifiers).ToFrozenSet(StringComparer.Ordinal);
        return new PresetRules(
            [
                new DisallowedIdentifierRule(disallowed, PresetNames.EngineMembers, OptionalRules.Anywhere(options)),
                new NoEvalRule(),
                OptionalRules.Prefixes(options),
                new UnknownGlobalRule(disallowed),
                new NoGlobalAccessRule(GlobalObjectUse.Allow, PresetNames.PrototypeSurgery, ReflectUse.Listed),
                new ForbiddenLoopRule(options.AllowedLoops ?? level.AgentScriptLoops),
                new InfiniteLoopRule(),
                new UnreachableCodeRule(),
                .. OptionalRules.CallTargets(options, level.AgentScriptCallTargets),
                new NoCallTargetAssignmentRule(PresetNames.CallTargets),
                new NoComputedDestructuringRule(PresetNames.PrototypeMembers, ComputedKeys.Judge),
                .. options.AllowAsync == false ? [new NoAsyncRule()] : ImmutableArray<IGuardRule>.Empty,
            ],
            new RuleSeverity(UnknownGlobalRule.Description.Name, IssueSeverity.Warning),
            new RuleSeverity(InfiniteLoopRule.Description.Name, IssueSeverity.Warning));
    }
}
