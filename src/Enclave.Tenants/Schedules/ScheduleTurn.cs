namespace Enclave.Tenants.Schedules;

/// <summary>Decides which runs of a schedule begin, wait or are skipped. It is called under the lock of the schedule, so each time is decided once.</summary>
internal static class ScheduleTurn
{
    /// <summary>Ended runs that are kept.</summary>
    public const int MaxEnded = 100;

    private const int MaxWaiting = 100, MaxAttempts = 3;

    /// <summary>A busy machine looks late. An older time was missed.</summary>
    public static readonly TimeSpan OnTime = TimeSpan.FromSeconds(30);

    /// <summary>True if there is something to decide.</summary>
    /// <param name="status">The schedule.</param>
    /// <param name="host">This scheduler.</param>
    /// <param name="now">The time.</param>
    public static bool IsDue(ScheduleStatus status, string host, DateTimeOffset now) =>
        status.Firings.Any((firing) => firing.State == FiringState.Waiting || (firing.State == FiringState.Running && firing.Host != host))
        || (!status.IsPaused && ScheduleTimes.Next(status.Schedule, status.Decided) <= now);

    /// <summary>The schedule after all times up to now are decided, and the runs of dead hosts.</summary>
    /// <param name="status">The schedule.</param>
    /// <param name="now">The time.</param>
    /// <param name="isDead">True for a run whose host does not live any more.</param>
    public static ScheduleStatus Decide(ScheduleStatus status, DateTimeOffset now, Func<ScheduledFiring, bool> isDead)
    {
        List<ScheduledFiring> firings =
        [
            .. status.Firings.Select((firing) => firing.State == FiringState.Running && isDead(firing) ? Died(status.Schedule, firing, now) : firing),
        ];
        if (status.IsPaused) return status with { Firings = Kept(firings) };
        (List<ScheduledFiring> due, long left) = Due(status, now);
        foreach (ScheduledFiring firing in due) firings.Add(Placed(status.Schedule, firing, firings, now));
        return status with
        {
            Decided = due.Count > 0 || left > 0 ? Later(now, status.Decided) : status.Decided,
            MissedCount = status.MissedCount + left,
            Firings = Kept(firings),
        };
    }

    /// <summary>The run that begins next; null while one runs, or none waits.</summary>
    public static ScheduledFiring? Next(ScheduleStatus status) =>
        status.IsPaused || status.Firings.Any((firing) => firing.State == FiringState.Running)
            ? null : status.Firings.FirstOrDefault((firing) => firing.State == FiringState.Waiting);

    /// <summary>True if the run has to make place for a later one.</summary>
    public static bool IsReplaced(ScheduleStatus status, ScheduledFiring running) =>
        status.Schedule.Overlap == OverlapRule.Replace
        && status.Firings.Any((firing) => firing is { State: FiringState.Waiting, IsMissed: false } && firing.Time > running.Time);

    /// <summary>The schedule with one run changed.</summary>
    public static ScheduleStatus With(ScheduleStatus status, ScheduledFiring changed) =>
        status with { Firings = Kept([.. status.Firings.Select((firing) => firing.Time == changed.Time ? changed : firing)]) };

    /// <summary>The run after its host died or stopped.</summary>
    public static ScheduledFiring Died(ScriptSchedule schedule, ScheduledFiring firing, DateTimeOffset now) =>
        schedule.Lost == LostRule.Retry && firing.Attempts < MaxAttempts
            ? firing with { State = FiringState.Waiting, Host = null }
            : firing with { State = FiringState.Lost, Ended = now };

    /// <summary>
    /// The due times that run, the oldest first, and 1 if further times were missed. The search goes back from the last time, so a long gap costs no more than
    /// a short one.
    /// </summary>
    private static (List<ScheduledFiring> Runs, long Left) Due(ScheduleStatus status, DateTimeOffset now)
    {
        ScriptSchedule schedule = status.Schedule;
        int most = schedule.Missed switch { MissedRule.Skip => 0, MissedRule.Once => 1, _ => schedule.MissedRuns };
        var runs = new List<ScheduledFiring>();
        DateTimeOffset upTo = now;
        int missed = 0;
        while (ScheduleTimes.Last(schedule, upTo, status.Decided) is { } time)
        {
            bool isMissed = now - time > OnTime;
            if (isMissed && ++missed > most) break;
            runs.Add(new ScheduledFiring { Time = time, IsMissed = isMissed });
            upTo = time.AddTicks(-1);
        }

        runs.Reverse();
        return (runs, missed > most ? 1 : 0);
    }

    private static ScheduledFiring Placed(ScriptSchedule schedule, ScheduledFiring firing, List<ScheduledFiring> before, DateTimeOffset now)
    {
        int open = before.Count((one) => one.IsOpen);
        // Missed firings run one after another under every overlap rule.
        bool isSkipped = open >= MaxWaiting || (open > 0 && !firing.IsMissed && schedule.Overlap == OverlapRule.Skip);
        if (open > 0 && !firing.IsMissed && schedule.Overlap == OverlapRule.Replace)
        {
            for (int i = 0; i < before.Count; i++)
            {
                if (before[i] is { State: FiringState.Waiting, IsMissed: false }) before[i] = before[i] with { State = FiringState.Replaced, Ended = now };
            }
        }

        return isSkipped ? firing with { State = FiringState.Skipped, Ended = now } : firing;
    }

    private static List<ScheduledFiring> Kept(List<ScheduledFiring> firings)
    {
        int surplus = firings.Count((firing) => !firing.IsOpen) - MaxEnded;
        return surplus <= 0 ? firings : [.. firings.Where((firing) => firing.IsOpen || surplus-- <= 0)];
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
