using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Enclave.JavaScript.Text;

/// <summary>Bounds what one thread spends on one text: its CPU time, and whether anybody still waits for it.</summary>
/// <remarks>The work takes steps; one of <see cref="StepsBetweenLooks"/> looks at the clock. For one thread.</remarks>
public sealed class WorkMeter(TimeSpan limit, Func<TimeSpan> cpuTime, CancellationToken cancellationToken)
{
    // As many tokens take some tens of microseconds; to look takes some tens of nanoseconds.
    private const int StepsBetweenLooks = 256;

    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly TimeSpan _cpuAtStart = cpuTime();
    private int _left = StepsBetweenLooks;

    /// <summary>A piece of work of bounded size begins.</summary>
    /// <exception cref="WorkLimitException">The thread has spent its CPU time.</exception>
    /// <exception cref="OperationCanceledException">Nobody waits for the work.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step()
    {
        if (--_left <= 0) CheckLimits();
    }

    /// <summary>Looks at the clock: before work that takes no steps.</summary>
    /// <inheritdoc cref="Step"/>
    public void CheckLimits()
    {
        _left = StepsBetweenLooks;
        cancellationToken.ThrowIfCancellationRequested();
        // A thread's CPU time is never above the time that has passed, and the latter needs no system call.
        if (Stopwatch.GetElapsedTime(_started) > limit && cpuTime() - _cpuAtStart > limit) throw new WorkLimitException(limit);
    }
}

/// <summary>A text took more CPU time than it may.</summary>
public sealed class WorkLimitException(TimeSpan limit) : Exception($"more than {limit.TotalMilliseconds:0} ms of CPU time")
{
    /// <summary>The limit that was reached.</summary>
    public TimeSpan Limit { get; } = limit;
}
