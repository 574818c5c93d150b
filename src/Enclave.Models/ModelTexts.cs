using System.Collections.Concurrent;
using Enclave.Guard;

namespace Enclave.Models;

/// <summary>The texts of one host for models, by the rules of a run.</summary>
internal sealed class ModelTexts
{
    private const int MaxFound = 1_000, MaxDescribed = 1_000, LeastToolTokens = 100, MostToolTokens = 1_000_000;

    private readonly HostParts _parts;
    private readonly ConcurrentDictionary<GuardPreset, ModelDescription> _descriptions = [];

    private ModelTexts(HostParts parts) => _parts = parts;

    /// <exception cref="NotSupportedException">It is not a host of Enclave.</exception>
    public static ModelTexts Of(IEnclave enclave)
    {
        ArgumentNullException.ThrowIfNull(enclave);
        return enclave.Parts?.Of((parts) => new ModelTexts(parts)) ?? throw new NotSupportedException("Only an EnclaveHost describes itself for models.");
    }

    public string Whole(ModelTextFormat format, RunOptions? run) => DescriptionOf(run).Of(format, _parts.Settings.Limits.Of(run), run);

    public string Within(int maxToolTokens, RunOptions? run)
    {
        CheckToolTokens(maxToolTokens);
        return DescriptionOf(run).Within(maxToolTokens, _parts.Settings.Limits.Of(run), run);
    }

    public IReadOnlyList<ToolDefinition> Search(string query, int limit, RunOptions? run)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxFound);
        return DescriptionOf(run).Search(query, limit, run);
    }

    public string Declare(IReadOnlyCollection<string> names, RunOptions? run)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(names.Count, MaxDescribed, nameof(names));
        return DescriptionOf(run).Describe(names, run);
    }

    /// <exception cref="ArgumentOutOfRangeException">The number is out of its range.</exception>
    public static void CheckToolTokens(int maxToolTokens)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxToolTokens, LeastToolTokens);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxToolTokens, MostToolTokens);
    }

    private ModelDescription DescriptionOf(RunOptions? run)
    {
        if (run is not null) OptionsCheck.Check(run, _parts.Settings.Sizes);
        return _descriptions.GetOrAdd(_parts.Rules.PresetOf(run), (_) =>
        {
            HostRules.RuleSet rules = _parts.Rules.Of(run);
            return new ModelDescription(_parts.Rules.Described, rules.Tools, rules.Settings.Options);
        });
    }
}
