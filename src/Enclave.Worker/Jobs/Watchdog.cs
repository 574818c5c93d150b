using System.Runtime.InteropServices;
using Enclave.Protocol;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;
using Enclave.Worker.Engine;
using Enclave.Worker.Pipes;

namespace Enclave.Worker.Jobs;

/// <summary>A thread that looks at a script which runs on: wall deadline, CPU limit, cancel frames, console lines that wait, the host's death.</summary>
/// <remarks>A short script never wakes it: a timer that is set and unset around each step is all it costs.</remarks>
internal sealed unsafe class Watchdog
{
    /// <summary>A timerfd that the native module made: the system call filter knows it by this number.</summary>
    private const int Timer = 5;

    /// <summary>After this long a script counts as running on.</summary>
    private const long FirstLook = 2_000;

    /// <summary>How often the console is flushed and the CPU clock read from then on.</summary>
    private const long Interval = 20_000;

    private readonly FramePipe _pipe;
    private readonly Outbox _outbox;
    private readonly Lock _gate = new();
    private readonly int _cpuClock;
    private IScriptIsolate? _running;
    private ulong _jobId;
    private long _deadline;
    private long _cpuLimit;
    private long _cpuUsed;
    private long _cpuAtEntry;

    /// <summary>Made on the thread that runs scripts: its CPU clock is the one that counts.</summary>
    public Watchdog(FramePipe pipe, Outbox outbox)
    {
        _pipe = pipe;
        _outbox = outbox;
        int clock;
        _ = Libc.pthread_getcpuclockid(Libc.pthread_self(), &clock);
        _cpuClock = clock;
        new Thread(Loop, 256 * 1024) { IsBackground = true, Name = "watchdog" }.Start();
    }

    /// <summary>CPU that the job's script has used, in microseconds.</summary>
    public long CpuUsed => _cpuUsed;

    /// <summary>When the job's wall time ends, in monotonic microseconds.</summary>
    public long Deadline => Volatile.Read(ref _deadline);

    public void Begin(ulong jobId, long deadline, long cpuLimit)
    {
        lock (_gate) (_jobId, _deadline, _cpuLimit, _cpuUsed) = (jobId, deadline, cpuLimit, 0);
    }

    /// <summary>The host has stopped this job's clock, or set it going again.</summary>
    public void Heed(in DeadlineMessage message)
    {
        lock (_gate)
        {
            if (message.JobId == _jobId) _deadline = Libc.Microseconds(Libc.ClockMonotonic) + message.RemainingMicroseconds;
        }
    }

    /// <summary>Script code of this isolate runs from here to <see cref="Leave"/>.</summary>
    public void Enter(IScriptIsolate isolate)
    {
        _cpuAtEntry = Libc.Microseconds(Libc.ClockThreadCpu);
        lock (_gate) _running = isolate;
        SetTimer(Math.Clamp(_deadline - Libc.Microseconds(Libc.ClockMonotonic), 1, FirstLook));
    }

    /// <summary>After this no termination reaches the isolate: it may be disposed.</summary>
    public void Leave()
    {
        lock (_gate) _running = null;
        SetTimer(0);
        _cpuUsed += Libc.Microseconds(Libc.ClockThreadCpu) - _cpuAtEntry;
    }

    private void Loop()
    {
        try
        {
            bool watching = false;
            var fds = stackalloc Libc.PollFd[2];
            while (true)
            {
                fds[0] = new Libc.PollFd { Fd = Timer, Events = Libc.PollIn };
                fds[1] = new Libc.PollFd { Fd = watching ? FramePipe.InDescriptor : -1, Events = Libc.PollIn };
                if (Libc.poll(fds, 2, -1) < 0) continue;
                if ((fds[0].Returned & Libc.PollIn) != 0) watching = Look();
                // Also when nothing new has come: a cancel may lie behind the frame that the job's thread took.
                if (watching) watching = ReadAhead();
            }
        }
        catch (ProtocolException fault)
        {
            Fatal.Leave(ExitCode.Protocol, fault.Message);
        }
        catch (OutOfMemoryException)
        {
            Fatal.Leave(ExitCode.OutOfMemory, "out of memory");
        }
    }

    /// <summary>One look at the clock; whether a script runs on.</summary>
    private bool Look()
    {
        ulong expirations;
        if (Libc.read(Timer, (byte*)&expirations, sizeof(ulong)) != sizeof(ulong)) return false;
        lock (_gate)
        {
            if (_running is null) return false;
            long wallLeft = _deadline - Libc.Microseconds(Libc.ClockMonotonic);
            long cpuLeft = _cpuLimit - _cpuUsed - (Libc.Microseconds(_cpuClock) - _cpuAtEntry);
            if (wallLeft <= 0) _running.Terminate(StopReason.Deadline);
            else if (cpuLeft <= 0) _running.Terminate(StopReason.Cpu);
            SetTimer(wallLeft <= 0 || cpuLeft <= 0 ? Interval : Math.Min(Interval, Math.Min(wallLeft, cpuLeft)));
        }

        _outbox.Flush();
        return true;
    }

    private bool ReadAhead()
    {
        lock (_gate)
        {
            // The job's thread reads for itself again.
            if (_running is null) return false;
            if (!_pipe.ReadAhead(Heed)) Libc._exit((int)ExitCode.Orphan);
            return true;
        }
    }

    private void Heed(Frame frame)
    {
        if (frame.Type == FrameType.Deadline) Heed(DeadlineMessage.Read(frame.Body));
        if (frame.Type == FrameType.Cancel && CancelMessage.Read(frame.Body).JobId == _jobId) _running?.Terminate(StopReason.Cancelled);
    }

    /// <summary>One expiry after so many microseconds; 0 for none.</summary>
    private static void SetTimer(long microseconds)
    {
        var spec = new Libc.TimerSpec { Value = new Libc.TimeSpec { Seconds = microseconds / 1_000_000, Nanoseconds = microseconds % 1_000_000 * 1000 } };
        _ = Libc.timerfd_settime(Timer, 0, &spec, null);
    }
}
