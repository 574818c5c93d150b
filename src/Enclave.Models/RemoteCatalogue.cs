using Enclave.Guard;
using Enclave.Guard.Options;
using Enclave.Limits;

namespace Enclave.Models;

/// <summary>Describes the application's tools for models whose scripts run on other machines. Counterpart of <see cref="Remote.RemoteTools"/>.</summary>
/// <remarks>Thread-safe. It starts no worker.</remarks>
internal sealed class RemoteCatalogue
{
    private readonly ModelDescription _models;
    private readonly EffectiveLimits _limits;

    /// <param name="options">The options with the tools. Libraries and globals are those of the other machines, so they are not described.</param>
    /// <param name="level">The level of the scripts there.</param>
    public RemoteCatalogue(EnclaveOptions options, SecurityLevel level)
    {
        ArgumentNullException.ThrowIfNull(options);
        ModelSubject subject = PartSettings.OfModels(options) with { Libraries = [], Globals = null };
        GuardSettings guard = PartSettings.OfGuard(options, level, options.PresetOf(RunOptions.OfModel(null)), []);
        _models = new ModelDescription(subject, new OpenTools(subject, guard), guard.Options);
        _limits = new EffectiveLimits(options, WorkerPoolPresets.For(level), LevelLimits.For(level));
    }

    /// <inheritdoc cref="EnclaveModelExtensions.SearchTools"/>
    public IReadOnlyList<ToolDefinition> SearchTools(string query, int limit = 10, RunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return _models.Search(query, limit, options);
    }

    /// <inheritdoc cref="EnclaveModelExtensions.DescribeTools"/>
    public string DescribeTools(IReadOnlyCollection<string> names, RunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(names);
        return _models.Describe(names, options);
    }

    /// <inheritdoc cref="EnclaveModelExtensions.DescribeForModelWithin"/>
    public string DescribeForModelWithin(int maxToolTokens, RunOptions? options = null)
    {
        ModelTexts.CheckToolTokens(maxToolTokens);
        return _models.Within(maxToolTokens, _limits.Of(RunOptions.OfModel(options)), options);
    }
}
