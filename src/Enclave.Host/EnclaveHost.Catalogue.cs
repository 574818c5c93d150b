namespace Enclave;

/// <content>Descriptions and searches for models.</content>
public sealed partial class EnclaveHost
{
    private const int MaxFound = 1_000, MaxDescribed = 1_000;

    /// <inheritdoc/>
    public IReadOnlyList<ToolDefinition> SearchTools(string query, int limit = 10, RunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxFound);
        if (options is not null) OptionsCheck.Check(options, _parts.Settings.Sizes);
        return _parts.Rules.Of(options).Models.Search(query, limit, options);
    }

    /// <inheritdoc/>
    public string DescribeTools(IReadOnlyCollection<string> names, RunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(names.Count, MaxDescribed, nameof(names));
        if (options is not null) OptionsCheck.Check(options, _parts.Settings.Sizes);
        return _parts.Rules.Of(options).Models.Describe(names, options);
    }

    /// <summary>The names of the tools that this run may call and that need an approval.</summary>
    internal IReadOnlyList<string> ApprovedTools(RunOptions options) =>
        [.. _parts.Rules.Of(options).Models.Open(options).Where((tool) => tool.Options.RequiresApproval).Select((tool) => tool.Name)];

    /// <summary>True if runs can wait for an answer without a worker.</summary>
    internal bool HasDurableRuns => _parts.Tools.Outer is null;

    /// <inheritdoc/>
    public string DescribeForModelWithin(int maxToolTokens, RunOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxToolTokens, 100);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxToolTokens, 1_000_000);
        if (options is not null) OptionsCheck.Check(options, _parts.Settings.Sizes);
        return _parts.Rules.Of(options).Models.Within(maxToolTokens, _parts.Settings.Limits.Of(options), options);
    }
}
