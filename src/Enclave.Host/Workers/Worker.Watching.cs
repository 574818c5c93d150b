using Enclave.Isolation;

namespace Enclave.Workers;

/// <content>What it uses of the machine, in a run and between runs. The clock's thread alone looks.</content>
internal sealed partial class Worker
{
    /// <summary>Between runs it is looked at after this long, then after twice as long each time, up to the last, in microseconds.</summary>
    private const long FirstIdleLook = 1_000_000, LastIdleLook = 30_000_000;

    /// <summary>CPU time beyond what the script was allowed, in microseconds: reading frames, and the reset.</summary>
    private const long CpuAllowance = 1_000_000;

    /// <summary>CPU time that one between runs may use from one look to the next: so much, in microseconds, and one part in so many of the time.</summary>
    /// <remarks>An honest one is reset, some milliseconds of work, and then sleeps.</remarks>
    private const long IdleCpuAllowance = 500_000, IdleCpuShare = 20;

    private long _idleJobs = -1;
    private long _idleLook;
    private long _idleSpan;
    private long _idleSince;
    private long _idleCpu;
    private long _tablesBaseline;

    /// <summary>The worker's own limits with a margin: a worker that was taken over does not enforce them.</summary>
    private void WatchResources(IWorkerJob job)
    {
        long growth = MeasureGrowth();
        job.SawMemory(growth);
        if (growth + TableGrowth() > job.Limits.MemoryBytes + WorkerBudget.Allowance) Kill(RecycleReason.Poisoned, ErrorCode.MemoryLimitExceeded, "resident memory");
        if (job.CpuMicroseconds > (2 * job.Limits.CpuMicroseconds) + CpuAllowance) Kill(RecycleReason.Poisoned, ErrorCode.Timeout, "cpu");
    }

    /// <summary>A worker without a job has nothing to do: one that computes or grows was taken over. When it wants the next look.</summary>
    /// <param name="now">The time.</param>
    /// <param name="jobs">How many jobs it had been given when it was seen without one.</param>
    private long WatchIdle(long now, long jobs)
    {
        if (_idleJobs != jobs)
        {
            // No system call yet: most get their next job before the first look.
            (_idleJobs, _idleSpan, _idleSince) = (jobs, FirstIdleLook, 0);
            return _idleLook = now + _idleSpan;
        }

        if (now < _idleLook) return _idleLook;
        long cpu = CpuMicroseconds, used = _idleSince == 0 ? 0 : cpu - _idleCpu, memory = MeasureGrowth() + TableGrowth();
        string? why = memory > _settings.Pool.MemoryLimitPerWorker + WorkerBudget.Allowance ? $"{memory >> 20} MB of memory without a job"
            : used > IdleCpuAllowance + ((now - _idleSince) / IdleCpuShare) ? $"{used / 1000} ms of CPU time in {(now - _idleSince) / 1000} ms without a job" : null;
        // It may have used the time for a job that it was given meanwhile.
        if (why is not null && IsIdleStill(jobs))
        {
            Report(SecurityEventKind.IdleActivity, why);
            Kill(RecycleReason.Violation, ErrorCode.WorkerCrashed, why);
            return long.MaxValue;
        }

        (_idleSince, _idleCpu) = (now, cpu);
        long next = _idleLook = now + _idleSpan;
        _idleSpan = Math.Min(2 * _idleSpan, LastIdleLook);
        return next;
    }

    private bool IsIdleStill(long jobs)
    {
        lock (_gate) return _state == WorkerState.Idle && _jobs == jobs;
    }

    /// <summary>Page tables are kernel memory that belongs to no page of the worker's: mapping much and touching little makes many.</summary>
    private long TableGrowth() => Math.Max(0, _process.PageTableBytes - _tablesBaseline);
}
