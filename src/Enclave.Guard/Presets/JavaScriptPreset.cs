using System.Collections.Frozen;
using Enclave.Guard.Options;
using Enclave.Guard.Rules;

namespace Enclave.Guard.Presets;

/// <summary>
/// The preset <c>javascript</c>: all of strict JavaScript. Only the isolation behind the guard stops the code that it accepts (docs/agentscript.md).
/// </summary>
internal static class JavaScriptPreset
{
    public static PresetRules Rules(IReadOnlySet<string> allowed, GuardOptions options)
    {
        FrozenSet<string> disallowed = options.AdditionalDisallowedIdentifiers.Except(allowed, StringComparer.Ordinal).ToFrozenSet(StringComparer.Ordinal);
        return new PresetRules(
            [
                .. disallowed.Count > 0
                ? [new DisallowedIdentifierRule(disallowed, FrozenSet<string>.Empty, OptionalRules.Anywhere(options))]
                : ImmutableArray<IGuardRule>.Empty,
                new NoEvalRule(CodeProbes.Allow),
                OptionalRules.Prefixes(options),
                new UnknownGlobalRule(disallowed),
                .. options.AllowedLoops is { } loops ? [new ForbiddenLoopRule(loops)] : ImmutableArray<IGuardRule>.Empty,
                .. options.AllowAsync == false ? [new NoAsyncRule()] : ImmutableArray<IGuardRule>.Empty,
                .. OptionalRules.CallTargets(options, CallTargetUse.Dynamic),
            ],
            new RuleSeverity(UnknownGlobalRule.Description.Name, IssueSeverity.Warning));
    }
}
