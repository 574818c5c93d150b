namespace Enclave.Limits;

/// <summary>
/// The time of durable waits in one host. It advances with the monotonic clock: a step of the wall clock neither ends a wait nor delays it. Hosts compare their
/// times by the wall clock, so after an hour a step is taken over: it is then a correction, or the machine was asleep.
/// </summary>
/// <param name="clock">The host's clock.</param>
internal sealed class SteadyClock(TimeProvider clock) : TimeProvider
{
    /// <summary>A larger difference of both clocks is a step. A smaller one is taken over at once.</summary>
    private static readonly TimeSpan s_step = TimeSpan.FromSeconds(2);

    /// <summary>How long a step must last unchanged before it is taken over.</summary>
    private static readonly TimeSpan s_stands = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private DateTimeOffset _wall = clock.GetUtcNow();
    private long _at = clock.GetTimestamp();
    private (TimeSpan By, long Since)? _step;

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        clock.CreateTimer(callback, state, dueTime, period);

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            DateTimeOffset wall = clock.GetUtcNow();
            long now = clock.GetTimestamp();
            DateTimeOffset steady = _wall + clock.GetElapsedTime(_at, now);
            TimeSpan by = wall - steady;
            if (by.Duration() > s_step)
            {
                if (_step is not { } step || (by - step.By).Duration() > s_step) _step = step = (by, now);
                if (clock.GetElapsedTime(step.Since, now) < s_stands) return steady;
            }

            (_wall, _at, _step) = (wall, now, null);
            return wall;
        }
    }
}
