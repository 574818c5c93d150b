using System.Collections.Frozen;
using Enclave.Guard.Rules;

namespace Enclave.Guard.Presets;

/// <summary>
/// The presets <c>strict</c>, <c>secure</c>, <c>standard</c> and <c>permissive</c>: JavaScript with fewer and fewer
/// restrictions. They ignore the level and its list of globals.
/// </summary>
internal static class PlainPresets
{
    private static readonly ImmutableArray<string> s_secure =
    [
        .. PresetNames.Code, .. PresetNames.GlobalObject, "process", "require", "module", "exports", "__dirname", "__filename", "Buffer", "constructor",
        "__proto__",
        "prototype", "Proxy", "Reflect",
        "setTimeout", "setInterval", "setImmediate", "importScripts", "WebAssembly", "ShadowRealm", "Worker", "SharedArrayBuffer", "Atomics",
    ];

    public static PresetRules Rules(GuardPreset preset, GuardOptions options) => preset switch
    {
        GuardPreset.Strict => Of(
            [
                Refused([.. PresetNames.Code, .. PresetNames.GlobalObject, .. PresetNames.Host, .. PresetNames.Engine, .. PresetNames.Errors,
                    .. PresetNames.RefusedByStrictPreset], options),
                new NoEvalRule(),
                new NoGlobalAccessRule(GlobalObjectUse.Refuse, PresetNames.Reflection, ReflectUse.Refuse),
                new ForbiddenLoopRule(options.AllowedLoops ?? LoopKinds.None),
                .. Async(options),
                new UnreachableCodeRule(),
                new NoRegexLiteralRule(RegexUse.Analyze, 100, FrozenSet<string>.Empty),
                new NoRegexMethodsRule(RegexUse.Analyze),
            ], options),
        GuardPreset.Secure => Of(
            [
                Refused(s_secure, options),
                new NoEvalRule(),
                new ForbiddenLoopRule(options.AllowedLoops ?? (LoopKinds.For | LoopKinds.ForOf)),
                .. Async(options),
                new UnreachableCodeRule(),
                new NoRegexLiteralRule(RegexUse.Analyze, 200, FrozenSet<string>.Empty),
                new NoRegexMethodsRule(RegexUse.Analyze),
            ], options),
        GuardPreset.Standard => Of(
            [
                Refused([.. PresetNames.Code, "process", "require"], options),
                new NoEvalRule(),
                new ForbiddenLoopRule(options.AllowedLoops ?? (LoopKinds.For | LoopKinds.ForOf | LoopKinds.ForIn)),
                new UnreachableCodeRule(),
            ], options),
        _ => Of([Refused([], options), new NoEvalRule(), new ForbiddenLoopRule(options.AllowedLoops ?? LoopKinds.All), new UnreachableCodeRule()], options),
    };

    private static DisallowedIdentifierRule Refused(ImmutableArray<string> disallowed, GuardOptions options)
    {
        FrozenSet<string> all = disallowed.Except(options.AllowedGlobals ?? [], StringComparer.Ordinal).Except(options.ProvidedGlobals, StringComparer.Ordinal)
            .Concat(options.AdditionalDisallowedIdentifiers).ToFrozenSet(StringComparer.Ordinal);
        return new DisallowedIdentifierRule(all, PresetNames.DocumentedMembers, OptionalRules.Anywhere(options));
    }

    /// <summary>Adds to the documented rules those that protect the transform's names and callTool.</summary>
    private static PresetRules Of(ImmutableArray<IGuardRule> rules, GuardOptions options) => new(
        [
            .. rules, OptionalRules.Prefixes(options), new NoCallTargetAssignmentRule(PresetNames.CallTargets),
            .. OptionalRules.CallTargets(options, CallTargetUse.Dynamic),
        ]);

    private static ImmutableArray<IGuardRule> Async(GuardOptions options) => options.AllowAsync == true ? [] : [new NoAsyncRule()];
}
