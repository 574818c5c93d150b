using System.Runtime.InteropServices;

namespace Enclave.Workers;

/// <summary>One child process: its three pipes, its pidfd, and its end. Killing and looking at it never race with the reuse of its pid.</summary>
internal sealed unsafe class WorkerProcess
{
    private readonly Lock _gate = new();
    private int _pidFd;
    private int _statm = -1;
    private readonly int _cpuClock;

    public WorkerProcess(int pid, int pidFd, int stdin, int stdout, int stderr)
    {
        Pid = pid;
        _pidFd = pidFd;
        (Stdin, Stdout, Stderr) = (stdin, stdout, stderr);
        // CPUCLOCK_SCHED of another process (linux/posix-timers.h): no file to open, no text to read.
        _cpuClock = (~pid << 3) | 2;
    }

    public int Pid { get; }

    public int PidFd => _pidFd;

    public int Stdin { get; private set; }

    public int Stdout { get; private set; }

    public int Stderr { get; private set; }

    /// <summary>Resident bytes of the process now; 0 when it is gone.</summary>
    public long ResidentBytes
    {
        get
        {
            lock (_gate)
            {
                if (_pidFd < 0) return 0;
                if (_statm < 0) _statm = Libc.open($"/proc/{Pid}/statm", Libc.CloseOnExec);
                if (_statm < 0) return 0;
                byte* text = stackalloc byte[128];
                nint length = Libc.pread(_statm, text, 128, 0);
                return length <= 0 ? 0 : SecondNumber(new ReadOnlySpan<byte>(text, (int)length)) * Environment.SystemPageSize;
            }
        }
    }

    /// <summary>CPU time of the whole process in microseconds, by the operating system's count; 0 when it is gone.</summary>
    public long CpuMicroseconds
    {
        get
        {
            Libc.TimeSpec time;
            return Libc.clock_gettime(_cpuClock, &time) == 0 ? (time.Seconds * 1_000_000) + (time.Nanoseconds / 1000) : 0;
        }
    }

    /// <summary>SIGKILL through the pidfd. Harmless when the process is gone already.</summary>
    public void Kill()
    {
        lock (_gate)
        {
            if (_pidFd >= 0) _ = Libc.syscall(Libc.SysPidFdSendSignal, _pidFd, Libc.SignalKill, 0, 0, 0);
        }
    }

    /// <summary>Takes the exit status of a process whose pidfd is readable; false when it still lives.</summary>
    public bool TryReap(out ProcessExit exit)
    {
        exit = default;
        byte* info = stackalloc byte[128];
        new Span<byte>(info, 128).Clear();
        // struct rusage: two timevals, then ru_maxrss in KB.
        long* usage = stackalloc long[18];
        if (Libc.syscall(Libc.SysWaitId, Libc.WaitByPidFd, _pidFd, (nint)info, Libc.WaitExited | Libc.WaitNoHang, (nint)usage) != 0) return false;
        // siginfo_t of SIGCHLD on x86-64: si_code at 8, si_pid at 16, si_status at 24.
        int code = *(int*)(info + 8), pid = *(int*)(info + 16), status = *(int*)(info + 24);
        if (pid == 0) return false;
        exit = new ProcessExit(code == Libc.ExitedCode ? status : 128 + status, usage[4] * 1024);
        return true;
    }

    /// <summary>The worker closed its log; polling it further would only spin.</summary>
    public void CloseStderr()
    {
        lock (_gate)
        {
            if (Stderr >= 0) _ = Libc.close(Stderr);
            Stderr = -1;
        }
    }

    /// <summary>Closes every descriptor. The process has been reaped.</summary>
    public void Close()
    {
        lock (_gate)
        {
            if (_pidFd < 0) return;
            foreach (int fd in (ReadOnlySpan<int>)[_pidFd, _statm, Stdin, Stdout, Stderr])
            {
                if (fd >= 0) _ = Libc.close(fd);
            }

            _pidFd = _statm = Stdin = Stdout = Stderr = -1;
        }
    }

    private static long SecondNumber(ReadOnlySpan<byte> text)
    {
        int space = text.IndexOf((byte)' ');
        long value = 0;
        for (int i = space + 1; space >= 0 && i < text.Length && text[i] is >= (byte)'0' and <= (byte)'9'; i++) value = (value * 10) + (text[i] - '0');
        return value;
    }
}
