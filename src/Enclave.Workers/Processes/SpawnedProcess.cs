using System.Globalization;
using System.Runtime.Versioning;
using Enclave.Linux;

namespace Enclave.Processes;

/// <summary>A process that the host started.</summary>
/// <remarks>
/// In a jail the host's child is bubblewrap, which waits for the first process inside and ends with it. The host watches the worker. A kill goes to the
/// first process inside, and ends all others in there with it. That is the worker itself or, if cells become other users, bubblewrap's own process, which
/// started the worker.
/// </remarks>
[SupportedOSPlatform("linux")]
internal unsafe class SpawnedProcess : ChildProcess
{
    /// <summary>Far longer than the kernel takes to end a killed process, in milliseconds.</summary>
    private const int InnerPatience = 5_000;

    private readonly int _child;
    private readonly int _idInJail;
    private int _inner;
    private bool _doomed;

    /// <param name="started">The process.</param>
    /// <param name="share">Its resources of the machine, released after it is reaped; null for none.</param>
    public SpawnedProcess(in StartedProcess started, IDisposable? share)
        : base(started.Pid, started.PidFd, started.Pipes, share)
    {
        _child = started.Pid;
        _idInJail = started.IdInJail;
        Info = started.Info;
    }

    public override int OwnPid => IsJailed ? _idInJail : _child;

    public override bool IsDoomed => _doomed;

    /// <summary>Sends SIGKILL through the pidfd. Does nothing if the process is gone.</summary>
    public override void Kill()
    {
        lock (Gate)
        {
            if (PidFd < 0) return;
            // Bubblewrap reaps the worker and ends with it. If bubblewrap were killed, the host's own process 1 would have to reap the
            // worker, and many containers have no such process. If bubblewrap were killed between creating its child and releasing it, the child would wait
            // forever. So wait for its report on the child first.
            _doomed = IsJailed && !MeetInner() && Info >= 0;
            if (!_doomed) Send(InnerFd >= 0 ? InnerFd : PidFd, Libc.SignalKill);
        }
    }

    /// <summary>True if the worker has ended, reaped or not, or ends within this time. For the thread that reaps it.</summary>
    public override bool EndsWithin(TimeSpan time)
    {
        int fd = InnerFd >= 0 ? InnerFd : PidFd;
        return fd < 0 || IsOver(fd, (int)time.TotalMilliseconds);
    }

    /// <summary>Gets the worker's own pid from bubblewrap. False if there is none: the worker has ended, or has not started yet.</summary>
    public override bool Meet()
    {
        lock (Gate) return MeetInner() && MeetWorker();
    }

    /// <summary>Continues bubblewrap, which reports its worker and ends with it. A stopped one would do neither.</summary>
    public override void Continue()
    {
        lock (Gate) Send(PidFd, Libc.SignalContinue);
    }

    /// <summary>
    /// Ends a worker whose bubblewrap was killed before it, so that its resources are not given to
    /// another while it lives. The host's child must have been reaped.
    /// </summary>
    public override void EndInner()
    {
        lock (Gate)
        {
            if (InnerFd >= 0 && !IsOver(InnerFd, 0))
            {
                Send(InnerFd, Libc.SignalKill);
                IsOver(InnerFd, InnerPatience);
            }

            // Bubblewrap does not wait for its own process 1 if the worker ends by itself. A host that is process 1 of its container inherits that process, and
            // must reap it.
            if (InnerFd >= 0) _ = Libc.syscall(Libc.SysWaitId, Libc.WaitByPidFd, InnerFd, 0, Libc.WaitExited | Libc.WaitNoHang, 0);
        }

        // Bubblewrap was killed before it reported its child, which may exist.
        if (IsJailed && InnerFd < 0) StrayJails.Remove();
    }

    /// <summary>Reaps a process whose pidfd is readable. False if it still lives.</summary>
    public override bool TryReap(out ProcessExit exit)
    {
        exit = default;
        byte* info = stackalloc byte[128];
        new Span<byte>(info, 128).Clear();
        // struct rusage: two timevals, then ru_maxrss in KB.
        long* usage = stackalloc long[18];
        if (Libc.syscall(Libc.SysWaitId, Libc.WaitByPidFd, PidFd, (nint)info, Libc.WaitExited | Libc.WaitNoHang, (nint)usage) != 0) return false;
        // siginfo_t of SIGCHLD on x86-64: si_code at 8, si_pid at 16, si_status at 24.
        int code = *(int*)(info + 8), pid = *(int*)(info + 16), status = *(int*)(info + 24);
        // If this process traces its children, the kernel reports stops here, too.
        if (pid == 0 || code is not (Libc.ExitedCode or Libc.KilledCode or Libc.DumpedCode)) return false;
        exit = new ProcessExit(code == Libc.ExitedCode ? status : 128 + status, OwnPeak(usage[4] * 1024));
        return true;
    }

    /// <summary>
    /// posix_spawn starts a child in the host's memory, and the kernel keeps that as the child's peak (fs/exec.c, exec_mmap). A peak is certainly the worker's
    /// own if the host never used so much.
    /// </summary>
    private static long OwnPeak(long counted)
    {
        string[] host = ProcFile.Status("/proc/self/status").GetValueOrDefault("VmHWM", "").Split(' ');
        return long.TryParse(host[0], CultureInfo.InvariantCulture, out long kilobytes) && counted > kilobytes * 1024 ? counted : 0;
    }

    private bool IsJailed => _idInJail > 0;

    private bool MeetInner()
    {
        if (!IsJailed) return PidFd >= 0;
        if (Info < 0) return InnerFd >= 0;
        byte* text = stackalloc byte[1024];
        nint length = Libc.read(Info, text, 1024);
        if (length > 0 && InnerFd < 0) Recognize(FirstNumber(new ReadOnlySpan<byte>(text, (int)length)));
        if (length != 0) return InnerFd >= 0;
        // Bubblewrap closes the pipe after its report, or when it dies. If the host closed it earlier, the rest of the report would kill bubblewrap.
        _ = Libc.close(Info);
        Info = -1;
        if (_doomed) Send(InnerFd >= 0 ? InnerFd : PidFd, Libc.SignalKill);
        return InnerFd >= 0;
    }

    private void Recognize(int pid)
    {
        int inner = pid <= 0 ? -1 : (int)Libc.syscall(Libc.SysPidFdOpen, pid, 0, 0, 0, 0);
        if (inner < 0) return;
        // Only a child of bubblewrap is the worker: the pid may already belong to another process.
        if (ProcFile.Status($"/proc/{pid}/status").GetValueOrDefault("PPid") != _child.ToString(CultureInfo.InvariantCulture))
        {
            _ = Libc.close(inner);
            return;
        }

        InnerFd = inner;
        _inner = pid;
        Adopt(pid);
        if (_doomed) Send(inner, Libc.SignalKill);
    }

    /// <summary>Finds the worker if it is not the first process of its jail. It is that process's only child, and lives as long.</summary>
    private bool MeetWorker()
    {
        if (_idInJail < 2 || Pid != _inner) return true;
        if (ProcFile.ChildOf(_inner) is not { } worker) return false;
        Adopt(worker);
        return true;
    }
}
