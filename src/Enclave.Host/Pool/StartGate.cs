namespace Enclave.Pool;

/// <summary>When the next worker may be started: at once, or after a pause that doubles with each failure in a row.</summary>
internal sealed class StartGate(TimeProvider clock)
{
    /// <summary>After so many failures in a row, waiting jobs are told instead of kept.</summary>
    private const int BreakAfter = 3;

    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(10);

    private long _failedAt;

    public int Failures { get; private set; }

    public string? LastFailure { get; private set; }

    /// <summary>The code of those who waited for the last failed start.</summary>
    public ErrorCode LastCode { get; private set; } = ErrorCode.WorkerCrashed;

    /// <summary>True if starting has failed so often that jobs should not wait for it.</summary>
    public bool IsBroken => Failures >= BreakAfter;

    public TimeSpan Delay => Failures == 0 ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Min(s_longest.Ticks, s_first.Ticks << Math.Min(Failures - 1, 10)));

    /// <summary>How long until a start is allowed; zero or less when it is.</summary>
    public TimeSpan Wait => Failures == 0 ? TimeSpan.Zero : Delay - clock.GetElapsedTime(_failedAt);

    public void Succeeded()
    {
        Failures = 0;
        LastFailure = null;
    }

    /// <summary>A start failed. Starts that began before the last failure met the same fault: they count once.</summary>
    /// <param name="why">Why, in words.</param>
    /// <param name="code">The code of those who waited for it.</param>
    /// <param name="began">When it began, by the pool's clock.</param>
    public void Failed(string why, ErrorCode code, long began)
    {
        if (Failures > 0 && began < _failedAt) return;
        // A library that fails once fails always: nobody is to wait for the next attempt.
        Failures = code == ErrorCode.LibraryFailed ? Math.Max(Failures + 1, BreakAfter) : Failures + 1;
        (LastFailure, LastCode) = (why, code is ErrorCode.IsolationUnavailable or ErrorCode.LibraryFailed ? code : ErrorCode.WorkerCrashed);
        _failedAt = clock.GetTimestamp();
    }
}
