namespace Enclave.Tenants;

/// <summary>A version that some runs get in place of the active one.</summary>
public sealed record ScriptTrial
{
    /// <summary>The number of the version.</summary>
    public required int Version { get; init; }

    /// <summary>
    /// The share of runs that get it, in percent. The run's <see cref="RunOptions.Key"/> decides, or its id without a key: one key always gets the same
    /// version, and keeps the trial's version when the share grows. Range: 0 to 100. Default: 0.
    /// </summary>
    public int Percent { get; init; }

    /// <summary>The tenants whose runs all get it. Range: at most 1,000. Default: none.</summary>
    public IReadOnlyList<string> Tenants { get; init; } = [];
}
