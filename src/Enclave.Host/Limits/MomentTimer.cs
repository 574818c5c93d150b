namespace Enclave.Limits;

/// <summary>Timers for moments of a clock that may advance before the timer is made. Such a timer would be late, or would never elapse.</summary>
internal static class MomentTimer
{
    /// <summary>By how much a timer may be late.</summary>
    private static readonly TimeSpan s_late = TimeSpan.FromMilliseconds(1);

    /// <summary>Makes a timer, and makes it again if the clock advanced meanwhile. Returns the time from which the timer runs.</summary>
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
