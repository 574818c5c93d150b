using Enclave.Limits;
using Enclave.Models;

namespace Enclave.Remote;

/// <summary>Describes the application's tools for models whose scripts run on other machines. Counterpart of <see cref="RemoteTools"/>.</summary>
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
        _models = new ModelDescription(
            PartSettings.OfModels(options) with { Libraries = [], Globals = null },
            PartSettings.OfGuard(options, level, options.PresetOf(RunOptions.OfModel(null)), []));
        _limits = new EffectiveLimits(options, WorkerPoolPresets.For(level), LevelLimits.For(level));
    }

    /// <inheritdoc cref="IEnclave.SearchTools"/>
    public IReadOnlyList<ToolDefinition> SearchTools(string query, int limit = 10, RunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return _models.Search(query, limit, options);
    }

    /// <inheritdoc cref="IEnclave.DescribeTools"/>
    public string DescribeTools(IReadOnlyCollection<string> names, RunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(names);
        return _models.Describe(names, options);
    }

    /// <inheritdoc cref="IEnclave.DescribeForModelWithin"/>
    public string DescribeForModelWithin(int maxToolTokens, RunOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxToolTokens, 100);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxToolTokens, 1_000_000);
        return _models.Within(maxToolTokens, _limits.Of(RunOptions.OfModel(options)), options);
    }
}
