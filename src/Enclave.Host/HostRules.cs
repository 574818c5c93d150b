using System.Collections.Frozen;
using Enclave.Guard;
using Enclave.Guard.Options;
using Enclave.Tools;

namespace Enclave;

/// <summary>
/// The parts that depend on the rules for a script: the guard, the check of its calls, and the tools that it may call. Runs may have other rules than their
/// host (<see cref="RunOptions.Preset"/>). Their parts are made when the first such run comes.
/// </summary>
internal sealed class HostRules
{
    private readonly ResolvedOptions _settings;
    private readonly FrozenDictionary<GuardPreset, Lazy<RuleSet>> _sets;

    public HostRules(ResolvedOptions settings, ToolRegistry registry)
    {
        _settings = settings;
        EnclaveOptions options = settings.Options;
        Described = PartSettings.OfModels(options);
        _sets = Enum.GetValues<GuardPreset>().ToFrozenDictionary((preset) => preset, (preset) =>
        {
            // Read now: the caller may change its options later.
            GuardSettings guard = PartSettings.OfGuard(options, options.SecurityLevel, preset, settings.Libraries.Names);
            return new Lazy<RuleSet>(() =>
                new RuleSet(guard, new ScriptGuard(guard), new ToolCallCheck(registry, guard), new OpenTools(Described, guard)));
        });
        // A fault of the options is reported at once.
        Own = Of(null);
    }

    /// <summary>The parts for the rules of the host.</summary>
    public RuleSet Own { get; }

    /// <summary>The parts of the host that descriptions for models cover.</summary>
    public ModelSubject Described { get; }

    public GuardPreset PresetOf(RunOptions? run) => _settings.Options.PresetOf(run);

    public RuleSet Of(RunOptions? run) => _sets[PresetOf(run)].Value;

    /// <summary>The parts of one set of rules.</summary>
    internal sealed record RuleSet(GuardSettings Settings, ScriptGuard Guard, ToolCallCheck Calls, OpenTools Tools);
}
