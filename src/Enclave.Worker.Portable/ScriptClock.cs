using System.Diagnostics;
using Enclave.Protocol.Messages;

namespace Enclave.Worker.Portable;

/// <summary>The time limits of the current run, and the reason for which it ends. A separate thread checks running scripts.</summary>
/// <remarks>Times are microseconds. CPU time is that of the whole process, because systems other than Linux do not report the time of one thread.</remarks>
internal sealed class ScriptClock
{
    // The delay of the first look at a running script, and the interval of the later ones.
    private const long FirstLook = 2000, Interval = 20_000;

    private readonly object _lock = new();
    private readonly Action _onLook;
    private ScriptRuntime? _running;
    private ulong? _job;
    private long _deadline, _cpuLimit, _cpuAtBegin;
    private long _delay = FirstLook;
    private bool _isIdle = true;

    /// <param name="onLook">Called at each look at a running script.</param>
    public ScriptClock(Action onLook)
    {
        _onLook = onLook;
        new Thread(Watch) { IsBackground = true, Name = "clock" }.Start();
    }

    /// <summary>The first reason to end the run; none while it may continue.</summary>
    public StopReason Reason { get; private set; }

    /// <summary>The CPU time since the run began.</summary>
    public long CpuUsed => Cpu - _cpuAtBegin;

    public bool CpuIsSpent => CpuUsed >= _cpuLimit;

    /// <summary>The wall time that is left; 0 or less after the deadline.</summary>
    public long WallLeft
    {
        get
        {
            lock (_lock) return _deadline - Now;
        }
    }

    private static long Now => (long)(Stopwatch.GetTimestamp() * 1e6 / Stopwatch.Frequency);

    private static long Cpu => Environment.CpuUsage.TotalTime.Ticks / TimeSpan.TicksPerMicrosecond;

    /// <param name="job">The job; null while libraries are evaluated.</param>
    /// <param name="wall">The wall time of the run.</param>
    /// <param name="cpu">The CPU time of the run.</param>
    public void Begin(ulong? job, long wall, long cpu)
    {
        lock (_lock)
        {
            (_job, _deadline, _cpuLimit, _cpuAtBegin, Reason) = (job, Saturated(wall), cpu, Cpu, StopReason.None);
        }
    }

    public void End()
    {
        lock (_lock) _job = null;
    }

    /// <summary>Script code runs from now on. It is not entered if the run has ended.</summary>
    public bool TryEnter(ScriptRuntime runtime)
    {
        lock (_lock)
        {
            if (Reason != StopReason.None) return false;
            _running = runtime;
            if (_isIdle) Monitor.Pulse(_lock);
            return true;
        }
    }

    public void Leave()
    {
        lock (_lock) _running = null;
    }

    /// <summary>Ends the run; no script code can catch it. The first reason is kept.</summary>
    public void Stop(StopReason reason)
    {
        lock (_lock) Stop_NeedsLock(reason);
    }

    /// <summary>Ends the run of this job. False if it is another one.</summary>
    public bool TryCancel(ulong job)
    {
        lock (_lock)
        {
            if (_job != job) return false;
            Stop_NeedsLock(StopReason.Cancelled);
            return true;
        }
    }

    /// <summary>Moves the deadline of this job. False if it is another one.</summary>
    public bool TryUpdateDeadline(in DeadlineMessage deadline)
    {
        lock (_lock)
        {
            if (_job != deadline.JobId) return false;
            _deadline = Now + deadline.RemainingMicroseconds;
            Monitor.Pulse(_lock);
            return true;
        }
    }

    private static long Saturated(long wall) => Math.Min(wall, long.MaxValue / 2) + Now;

    private void Stop_NeedsLock(StopReason reason)
    {
        if (Reason == StopReason.None) Reason = reason;
        _running?.Interrupt();
    }

    private void Watch()
    {
        for (; ; )
        {
            lock (_lock) Look_NeedsLock();
            _onLook();
        }
    }

    /// <summary>Waits until it is time for the next look at a running script, and looks.</summary>
    private void Look_NeedsLock()
    {
        _isIdle = _running is null;
        if (_isIdle)
        {
            while (_running is null) Monitor.Wait(_lock);
            _isIdle = false;
            _delay = FirstLook;
        }

        long wall = _deadline - Now;
        Monitor.Wait(_lock, (int)((Math.Clamp(wall, 1, _delay) + 999) / 1000));
        if (_running is null) return;
        if (_deadline <= Now) Stop_NeedsLock(StopReason.Deadline);
        else if (CpuIsSpent) Stop_NeedsLock(StopReason.Cpu);
        // A script that began between two interruptions is interrupted by the next.
        else if (Reason != StopReason.None) Stop_NeedsLock(Reason);
        _delay = Reason == StopReason.None ? Math.Clamp(_cpuLimit - CpuUsed, 1, Interval) : Interval;
    }
}
