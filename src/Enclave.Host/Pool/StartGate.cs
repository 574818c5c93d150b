using Enclave.Limits;

namespace Enclave.Pool;

/// <summary>Decides when the next worker may be started: at once, or after a pause that doubles with each failure in a row.</summary>
internal sealed class StartGate(TimeProvider clock)
{
    /// <summary>After this many failures in a row, waiting jobs are refused.</summary>
    private const int BreakAfter = 3;

    private static readonly RetryDelay s_delay = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10));

    private long _failedAt;
    private long _lostAt;

    public int Failures { get; private set; }

    /// <summary>True if any start has ever succeeded.</summary>
    public bool HasSucceeded { get; private set; }

    public string? LastFailure { get; private set; }

    /// <summary>The error code for jobs that waited for the last failed start.</summary>
    public ErrorCode LastCode { get; private set; } = ErrorCode.WorkerUnavailable;

    /// <summary>True after <see cref="BreakAfter"/> failed starts: jobs should not wait for a worker.</summary>
    public bool IsBroken => Failures >= BreakAfter;

    public TimeSpan Delay => s_delay.After(Failures);

    /// <summary>The time until a start is allowed; zero or less if it is.</summary>
    public TimeSpan Wait => Failures == 0 ? TimeSpan.Zero : Delay - clock.GetElapsedTime(_failedAt);

    /// <summary>The time since a worker was last lost; null if none was.</summary>
    public TimeSpan? SinceLoss => _lostAt == 0 ? null : clock.GetElapsedTime(_lostAt);

    public void Succeeded()
    {
        HasSucceeded = true;
        Failures = 0;
        LastFailure = null;
    }

    /// <summary>Records that a worker was lost.</summary>
    public void Lost() => _lostAt = clock.GetTimestamp();

    /// <summary>Records a failed start. Starts that began before the last failure had the same cause and do not count again.</summary>
    /// <param name="why">The reason, in words.</param>
    /// <param name="code">The error code for jobs that waited for it.</param>
    /// <param name="began">The time when it began, by the pool's clock.</param>
    public void Failed(string why, ErrorCode code, long began)
    {
        if (Failures > 0 && began < _failedAt) return;
        // A library that fails once fails always, so no job should wait for the next attempt.
        Failures = code == ErrorCode.LibraryFailed ? Math.Max(Failures + 1, BreakAfter) : Failures + 1;
        (LastFailure, LastCode) = (why, code is ErrorCode.IsolationUnavailable or ErrorCode.LibraryFailed ? code : ErrorCode.WorkerUnavailable);
        _failedAt = clock.GetTimestamp();
    }
}
