using Enclave.Guard.Options;
using Enclave.Guard.PreScan;
using Enclave.Guard.Presets;
using Enclave.Guard.Transforms;
using Enclave.JavaScript.Text;

namespace Enclave.Guard;

/// <summary>The settings of a guard. They stay the same for the host's life.</summary>
internal sealed record GuardSettings
{
    /// <summary>The level of trust in scripts.</summary>
    public required GuardLevel Level { get; init; }

    /// <summary>The set of rules.</summary>
    public GuardPreset Preset { get; init; }

    /// <summary>The host's changes to the preset.</summary>
    public GuardOptions Options { get; init; } = GuardOptions.Default;

    /// <summary>Says if scripts are checked before they run.</summary>
    public StaticChecks Checks { get; init; }

    /// <summary>Memory for accepted scripts. Range: 0 and above. Default: 32 MB.</summary>
    public long CacheBytes { get; init; } = 32L << 20;

    /// <summary>Measures the CPU time of the calling thread. Default: the operating system's count.</summary>
    public Func<TimeSpan> CpuTime { get; init; } = ThreadCpuTime.Now;

    /// <summary>Replaces the level's CPU limit, given the script's length. Default: null, the level's.</summary>
    public Func<int, TimeSpan>? LimitTime { get; init; }

    /// <summary>The most CPU time that the guard may spend on a script of this length.</summary>
    /// <remarks>
    /// It is about five times the cost of the most expensive known shape (0.55 µs per character at STANDARD) plus the cost of code that runs for the first
    /// time. It stops expensive shapes that are not known yet.
    /// </remarks>
    /// <param name="length">The script's length in UTF-16 units.</param>
    public TimeSpan CpuLimit(int length)
    {
        if (LimitTime is not null) return LimitTime(length);
        GuardLevelRow row = GuardLevelTable.Of(Level);
        return row.CpuTime + TimeSpan.FromMicroseconds(row.CpuMicrosecondsPerUnit * length);
    }

    /// <summary>The level's limits of the pre-scan. Where AgentScript has no regular expressions, they are refused (docs/agentscript.md).</summary>
    internal PreScanLimits PreScan => GuardLevelTable.PreScan(Preset, Level);

    /// <summary>Says if computed keys are checked at run time. They are not checked where the language allows the names that the check refuses.</summary>
    internal KeyGuard Keys => Preset == GuardPreset.JavaScript ? KeyGuard.Off : GuardLevelTable.Of(Level).Keys;
}
