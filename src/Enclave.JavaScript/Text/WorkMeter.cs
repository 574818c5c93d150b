using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Enclave.JavaScript.Text;

/// <summary>Bounds the CPU time that one thread spends on one text, and ends the work when its caller no longer waits.</summary>
/// <remarks>The work takes steps. Every <see cref="StepsBetweenLooks"/> steps the clock is read. For one thread.</remarks>
public sealed class WorkMeter(TimeSpan limit, Func<TimeSpan> cpuTime, CancellationToken cancellationToken)
{
    // This many tokens take some tens of microseconds; reading the clock takes some tens of nanoseconds.
    private const int StepsBetweenLooks = 256;

    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly TimeSpan _cpuAtStart = cpuTime();
    private int _left = StepsBetweenLooks;

    /// <summary>Counts a step of bounded size.</summary>
    /// <exception cref="WorkLimitException">The thread has spent its CPU time.</exception>
    /// <exception cref="OperationCanceledException">The caller no longer waits.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step()
    {
        if (--_left <= 0) CheckLimits();
    }

    /// <summary>Reads the clock. Called before work without steps.</summary>
    /// <inheritdoc cref="Step"/>
    public void CheckLimits()
    {
        _left = StepsBetweenLooks;
        cancellationToken.ThrowIfCancellationRequested();
        // A thread's CPU time is never above the elapsed time, which needs no system call.
        if (Stopwatch.GetElapsedTime(_started) > limit && cpuTime() - _cpuAtStart > limit) throw new WorkLimitException(limit);
    }
}

/// <summary>A text took more CPU time than its limit.</summary>
public sealed class WorkLimitException(TimeSpan limit) : Exception($"more than {limit.TotalMilliseconds:0} ms of CPU time")
{
    /// <summary>The limit that was reached.</summary>
    public TimeSpan Limit { get; } = limit;
}
