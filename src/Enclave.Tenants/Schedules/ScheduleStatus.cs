namespace Enclave.Tenants;

/// <summary>A schedule and its runs.</summary>
public sealed record ScheduleStatus
{
    /// <summary>The schedule.</summary>
    public required ScriptSchedule Schedule { get; init; }

    /// <summary>True if no run begins: its times are missed.</summary>
    public bool IsPaused { get; init; }

    /// <summary>All times up to this one are decided.</summary>
    public required DateTimeOffset Decided { get; init; }

    /// <summary>Failures since the last success.</summary>
    public int FailuresInRow { get; init; }

    /// <summary>How often missed times were left out by <see cref="MissedRule"/>: a gap counts once.</summary>
    public long MissedCount { get; init; }

    /// <summary>The last 100 runs, the oldest first, and all that have not ended.</summary>
    public IReadOnlyList<ScheduledFiring> Firings { get; init; } = [];
}
