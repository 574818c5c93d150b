using Enclave.Protocol;

namespace Enclave.Limits;

/// <summary>A level's defaults for one run (docs/levels.md, from the JavaScript product's own table), and the globals that it has not.</summary>
internal sealed record LevelLimits : CountedLimits
{
    public required TimeSpan Timeout { get; init; }

    public required int MaxValueDepth { get; init; }

    public required int MaxValueProperties { get; init; }

    /// <summary>The time between the end of a run's time and the kill, for a worker that can stop by itself.</summary>
    public required TimeSpan KillGrace { get; init; }

    public required IReadOnlyList<string> RemovedGlobals { get; init; }

    /// <summary>True if a worker serves one tenant in its life.</summary>
    public required bool OneTenantPerWorker { get; init; }

    /// <summary>The steps in which <c>Date</c> moves.</summary>
    public required TimeSpan ClockStep { get; init; }

    /// <summary>How often a worker's memory is compared with its checkpoint, unless an option is set.</summary>
    public ResetComparison ResetComparison { get; init; } = ResetComparison.Off;

    /// <exception cref="ArgumentOutOfRangeException">There is no such level.</exception>
    public static LevelLimits For(SecurityLevel level) => LevelTable.Of(level).Run;
}
