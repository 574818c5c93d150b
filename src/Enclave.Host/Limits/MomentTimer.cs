namespace Enclave.Limits;

/// <summary>Timers for moments of a clock that may go on before the timer is there: that makes a timer late, or it never ends.</summary>
internal static class MomentTimer
{
    /// <summary>By how much a timer may be late.</summary>
    private static readonly TimeSpan s_late = TimeSpan.FromMilliseconds(1);

    /// <summary>Has a timer made, and again if the clock went on meanwhile. Returns the time from which it runs.</summary>
    /// <param name="clock">The clock.</param>
    /// <param name="make">Makes the timer, or changes it, at this time.</param>
    public static DateTimeOffset Make(TimeProvider clock, Action<DateTimeOffset> make)
    {
        while (true)
        {
            DateTimeOffset now = clock.GetUtcNow();
            make(now);
            if (clock.GetUtcNow() - now <= s_late) return now;
        }
    }
}
