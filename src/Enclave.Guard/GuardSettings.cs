using Enclave.Guard.PreScan;

namespace Enclave.Guard;

/// <summary>What a guard judges by. A host has one for its life.</summary>
internal sealed record GuardSettings
{
    /// <summary>How far scripts are trusted.</summary>
    public required GuardLevel Level { get; init; }

    /// <summary>The set of rules.</summary>
    public GuardPreset Preset { get; init; }

    /// <summary>What the host changes in it.</summary>
    public GuardOptions Options { get; init; } = GuardOptions.Default;

    /// <summary>Whether scripts are judged.</summary>
    public StaticChecks Checks { get; init; }

    /// <summary>Memory for accepted scripts. Range: 0 and above. Default: 32 MB.</summary>
    public long CacheBytes { get; init; } = 32L << 20;

    /// <summary>The pre-scan's bounds: the level's; in AgentScript without regular expressions where the level's language has none (docs/agentscript.md).</summary>
    public PreScanLimits PreScan => Preset == GuardPreset.AgentScript && Level <= GuardLevel.Secure
        ? PreScanLimits.For(Level).WithoutRegexes()
        : PreScanLimits.For(Level);
}
