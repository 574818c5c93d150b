namespace Enclave.Tenants;

/// <summary>The times at which a saved script runs. One of <see cref="Cron"/>, <see cref="Every"/> and <see cref="At"/> is set.</summary>
public sealed record ScriptSchedule
{
    /// <summary>Its name. Range: as of <see cref="ScriptDraft.Name"/>.</summary>
    public required string Name { get; init; }

    /// <summary>The tenant of its runs. Default: null, none.</summary>
    public string? Tenant { get; init; }

    /// <summary>The saved script, as <c>report</c> for the active version at each run, or <c>report@3</c>.</summary>
    public required string Script { get; init; }

    /// <summary>The global <c>args</c>, as JSON. Range: at most 64 KB. Default: null, <c>{}</c>.</summary>
    public string? Arguments { get; init; }

    /// <summary>Five fields of cron, or six with seconds first: <c>0 6 * * MON-FRI</c>. Default: null.</summary>
    public string? Cron { get; init; }

    /// <summary>The IANA time zone of <see cref="Cron"/>. Default: <c>UTC</c>.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>The time from run to run, counted from <see cref="Start"/>. Range: 1 s to 366 days. Default: null.</summary>
    public TimeSpan? Every { get; init; }

    /// <summary>The one time at which it runs. Default: null.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Times up to this one do not count. Default: when it is added.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>The fate of a time while an earlier run has not ended. Default: <see cref="OverlapRule.Skip"/>.</summary>
    public OverlapRule Overlap { get; init; }

    /// <summary>The fate of missed times. Default: <see cref="MissedRule.Skip"/>.</summary>
    public MissedRule Missed { get; init; }

    /// <summary>The most missed times that run, with <see cref="MissedRule.Each"/>. Range: 1 to 100. Default: 10.</summary>
    public int MissedRuns { get; init; } = 10;

    /// <summary>The fate of a run whose host died. Default: <see cref="LostRule.Lost"/>.</summary>
    public LostRule Lost { get; init; }

    /// <summary>
    /// A saved script that runs after failures. Its <c>args</c> have <c>schedule</c>, <c>script</c>, <c>time</c>, <c>runId</c>, <c>error</c> and
    /// <c>failures</c>. Default: null, none.
    /// </summary>
    public string? OnFailure { get; init; }

    /// <summary>
    /// The failures in a row after which <see cref="OnFailure"/> runs: 3 is after the third, the sixth, and so on. Range: 1 to 1,000. Default: 1.
    /// </summary>
    public int OnFailureEvery { get; init; } = 1;
}
