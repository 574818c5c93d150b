using Enclave.Isolation;

namespace Enclave.Workers;

/// <content>Watches its use of the machine, in a run and between runs. Only the clock's thread does so.</content>
internal sealed partial class Worker
{
    /// <summary>Between runs its memory and CPU time are read this often, in microseconds: one read of a file that stays open, and of a clock.</summary>
    /// <remarks>Native code in a compromised worker can fill memory without a job.</remarks>
    private const long MemoryLook = 100_000;

    /// <summary>Between runs the rest is checked after this time, then after twice as long each time, up to the last, in microseconds.</summary>
    private const long FirstIdleLook = 1_000_000, LastIdleLook = 30_000_000;

    /// <summary>CPU time beyond the script's limit, in microseconds: for reading frames, and for the reset.</summary>
    private const long CpuAllowance = 1_000_000;

    /// <summary>CPU time that a worker between runs may use between two checks: this much, in microseconds, plus a fraction of the time.</summary>
    /// <remarks>An honest worker resets itself, which takes some milliseconds, and then sleeps.</remarks>
    private const long IdleCpuAllowance = 500_000, IdleCpuShare = 20;

    /// <summary>After this CPU time without a job, in microseconds, its page tables are read at once. 20 ms make some 20 MB of them.</summary>
    private const long TablesCpu = 20_000;

    private long _idleJobs = -1;
    private long _idleLook;
    private long _memoryLook;
    private long _idleSpan;
    private long _idleSince;
    private long _idleCpu;
    private long _tablesCpu;
    private long _otherBaseline;

    /// <summary>The worker's own limits with a margin: a compromised worker does not enforce them.</summary>
    private void WatchResources(IWorkerJob job, Sight seen)
    {
        long growth = ReadGrowth();
        job.SawMemory(growth);
        if (growth + OtherGrowth > job.Limits.MemoryBytes + _process.MemoryAllowance)
            Kill(seen, RecycleReason.Memory, ErrorCode.MemoryLimitExceeded, "resident memory");
        if (job.CpuMicroseconds > (2 * job.Limits.CpuMicroseconds) + CpuAllowance)
            Kill(seen, RecycleReason.Time, ErrorCode.Timeout, "cpu");
    }

    /// <summary>A worker without a job has nothing to do. If it computes or grows, it is compromised. Returns the time of the next check.</summary>
    /// <param name="now">The time.</param>
    /// <param name="seen">When it was seen without a job.</param>
    private long WatchIdle(long now, Sight seen)
    {
        if (_idleJobs != seen.Jobs)
        {
            // No system call yet: most workers get their next job before the first check.
            (_idleJobs, _idleSpan, _idleSince, _idleLook, _tablesCpu) = (seen.Jobs, FirstIdleLook, 0, now + FirstIdleLook, long.MaxValue);
            return _memoryLook = now + MemoryLook;
        }

        if (now < _memoryLook) return _memoryLook;
        _memoryLook = now + MemoryLook;
        long used = CpuMicroseconds;
        bool isDue = now >= _idleLook, isClose = isDue || used - _tablesCpu > TablesCpu;
        if (isClose || _tablesCpu == long.MaxValue) _tablesCpu = used;
        long memory = ReadGrowth() + (isClose ? OtherGrowth : 0);
        string? cpu = isDue ? LookAtCpu(now, used) : null;
        // A worker that has not reset itself yet still has the memory of its last job.
        bool holdsTooMuch = memory > _settings.MemoryLimit + _process.MemoryAllowance;
        string? why = holdsTooMuch ? $"{memory >> 20} MB of memory without a job" : cpu;
        // The worker may have got a job meanwhile, and used the time for it.
        if (why is null || !IsStill(seen)) return _memoryLook;
        Report(SecurityEventKind.IdleActivity, why);
        Kill(seen, holdsTooMuch ? RecycleReason.Memory : RecycleReason.Violation, ErrorCode.WorkerCrashed, why);
        return long.MaxValue;
    }

    /// <summary>Checks the CPU time since the last look, and sets the time of the next one.</summary>
    private string? LookAtCpu(long now, long cpu)
    {
        long used = _idleSince == 0 ? 0 : cpu - _idleCpu, time = now - _idleSince;
        (_idleSince, _idleCpu, _idleLook) = (now, cpu, now + _idleSpan);
        _idleSpan = Math.Min(2 * _idleSpan, LastIdleLook);
        return used > IdleCpuAllowance + (time / IdleCpuShare) ? $"{used / 1000} ms of CPU time in {time / 1000} ms without a job" : null;
    }

    private bool IsStill(Sight seen)
    {
        lock (_gate) return seen == new Sight(_state, _jobs);
    }

    /// <summary>Memory of its own above what it had when it became ready, in bytes.</summary>
    private long ReadGrowth()
    {
        (long own, long files) = _process.ReadResident();
        // For a worker that has ended the kernel reports only the peak of both together.
        if (files > 0) _files = files;
        return Math.Max(0, own - _baseline);
    }

    /// <summary>Its state and the number of its jobs when the clock looked at it.</summary>
    private readonly record struct Sight(WorkerState State, long Jobs);

    /// <summary>
    /// Page tables are kernel memory outside of the worker's pages. Mapping much and using little creates many. Shared memory does not count as the worker's
    /// own.
    /// </summary>
    private long OtherGrowth => Math.Max(0, _process.OtherBytes - _otherBaseline);
}
