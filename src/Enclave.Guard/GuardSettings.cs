using Enclave.Guard.Options;
using Enclave.Guard.PreScan;
using Enclave.Guard.Transforms;
using Enclave.JavaScript.Text;

namespace Enclave.Guard;

/// <summary>What a guard judges by. A host has one for its life.</summary>
public sealed record GuardSettings
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

    /// <summary>The clock of what a thread spends. Default: the thread's own.</summary>
    public Func<TimeSpan> CpuTime { get; init; } = ThreadCpuTime.Now;

    /// <summary>Another limit than the level's; null for that.</summary>
    public Func<int, TimeSpan>? LimitTime { get; init; }

    /// <summary>The CPU time that a script of a length may take to examine.</summary>
    /// <remarks>
    /// About five times what the dearest known shape takes (0.55 µs for each character at STANDARD), and what code takes that runs for the first time. It
    /// stops shapes that nobody has thought of.
    /// </remarks>
    /// <param name="length">The script's length in UTF-16 units.</param>
    public TimeSpan CpuLimit(int length)
    {
        if (LimitTime is not null) return LimitTime(length);
        (double seconds, double microseconds) = Level <= GuardLevel.Secure ? (0.5, 2.0) : (1.0, 3.0);
        return TimeSpan.FromSeconds(seconds) + TimeSpan.FromMicroseconds(microseconds * length);
    }

    /// <summary>The pre-scan's bounds: the level's; in AgentScript without regular expressions where the level's language has none (docs/agentscript.md).</summary>
    internal PreScanLimits PreScan => Preset switch
    {
        GuardPreset.AgentScript when Level <= GuardLevel.Secure => PreScanLimits.For(Level).WithoutRegexes(),
        GuardPreset.JavaScript => PreScanLimits.JavaScript(Level),
        _ => PreScanLimits.For(Level),
    };

    /// <summary>Whether computed keys are checked when they are used: not where the language has the names that they would be refused for.</summary>
    internal KeyGuard Keys => Level == GuardLevel.Permissive || Preset == GuardPreset.JavaScript ? KeyGuard.Off : KeyGuard.On;
}
