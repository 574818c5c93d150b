using Enclave.Guard.Options;
using Enclave.Guard.Rules;

namespace Enclave.Guard.Presets;

/// <summary>The policies of all presets and levels.</summary>
internal static class GuardPolicies
{
    private static readonly int s_levels = Enum.GetNames<GuardLevel>().Length;

    private static readonly GuardPolicy?[] s_all = new GuardPolicy?[Enum.GetNames<GuardPreset>().Length * s_levels];

    /// <summary>The policy of a preset at a level. It is made once; two threads that ask at the same time may make two equal ones.</summary>
    public static GuardPolicy For(GuardPreset preset, GuardLevel level) =>
        s_all[((int)preset * s_levels) + (int)level] ??= For(preset, level, new GuardOptions());

    /// <summary>The policy of a preset at a level with a host's changes. The caller keeps it. Without changes it is the shared one.</summary>
    public static GuardPolicy For(GuardPreset preset, GuardLevel level, GuardOptions options)
    {
        if (ReferenceEquals(options, GuardOptions.Default)) return For(preset, level);
        // Callers choose these names. HashSet switches to a randomised hash when many collide; a frozen set does not.
        HashSet<string> allowed = (options.AllowedGlobals ?? GuardLevelTable.Globals(preset, level)).Concat(options.ProvidedGlobals)
            .Except(options.AdditionalDisallowedIdentifiers, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
        PresetRules rules = preset switch
        {
            GuardPreset.AgentScript => AgentScriptPreset.Rules(GuardLevelTable.Of(level), allowed, options),
            GuardPreset.JavaScript => JavaScriptPreset.Rules(allowed, options),
            _ => PlainPresets.Rules(preset, options),
        };
        IEnumerable<IGuardRule> all = rules.Rules.Append(new FencedTextRule()).Concat(OptionalRules.Of(options));
        var severities = rules.Severities.ToDictionary((own) => own.Rule, StringComparer.Ordinal);
        foreach ((string name, IssueSeverity? severity) in options.Rules)
        {
            if (RuleCatalogue.All.All((rule) => rule.Name != name)) throw new ArgumentException($"There is no rule '{name}'", nameof(options));
            if (severity is { } own) severities[name] = new RuleSeverity(name, own);
        }

        return new GuardPolicy
        {
            AllowedGlobals = allowed,
            Tools = options.ToolNames.Count == 0 ? ToolHints.None : new ToolHints(options.ToolNames),
            Rules = [.. all.Where((rule) => !options.Rules.TryGetValue(rule.About.Name, out IssueSeverity? own) || own is not null)],
            Severities = severities,
            MaxIssues = options.MaxIssues,
        };
    }
}

/// <summary>The rules of a preset, and the severities that it changes.</summary>
internal sealed record PresetRules(ImmutableArray<IGuardRule> Rules, params ImmutableArray<RuleSeverity> Severities);
