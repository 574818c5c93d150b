using System.Buffers.Text;
using System.Globalization;
using Enclave.Isolation;

namespace Enclave.Workers;

/// <summary>One worker: its pipes, its pidfd, and its end. Killing and looking at it never race with the reuse of its pid.</summary>
/// <remarks>
/// In a jail the host's child is bubblewrap, which waits for the first process inside and ends as it ends. The worker is what is watched. What is killed is the
/// first process inside, and all others in there with it: the worker itself, or where that becomes another user, bubblewrap's own, which made the worker.
/// </remarks>
internal sealed unsafe class WorkerProcess : IWorkerProcess
{
    /// <summary>Far longer than the kernel takes to end a killed process, in milliseconds.</summary>
    private const int InnerPatience = 5_000;

    /// <summary>The part of /proc/PID/status that tells of memory ends before this.</summary>
    private const int StatusBytes = 2048;

    private readonly Lock _gate = new();
    private readonly int _child;
    private readonly int _idInJail;
    private int _pidFd;
    private int _innerFd = -1;
    private int _inner;
    private int _info;
    private int _statm = -1;
    private int _status = -1;
    private int _cpuClock;
    private bool _doomed;

    public WorkerProcess(int pid, int pidFd, int stdin, int stdout, int stderr, int info, Confinement? confinement, int idInJail = 0)
    {
        _child = pid;
        _pidFd = pidFd;
        _info = info;
        _idInJail = idInJail;
        (Stdin, Stdout, Stderr, Confinement) = (stdin, stdout, stderr, confinement);
        Adopt(pid);
    }

    /// <summary>The worker, as this machine sees it; bubblewrap's own until the worker is known.</summary>
    public int Pid { get; private set; }

    /// <summary>What it holds of the machine; null for programs that get nothing.</summary>
    public Confinement? Confinement { get; }

    /// <summary>The worker's id as it sees it.</summary>
    public int OwnPid => IsJailed ? _idInJail : _child;

    /// <summary>The host's child, which is reaped.</summary>
    public int PidFd => _pidFd;

    /// <summary>The first process inside bubblewrap; -1 while it is not known, and where there is no bubblewrap.</summary>
    public int InnerFd => _innerFd;

    /// <summary>What bubblewrap tells of the worker; -1 once it has told all, and where there is no bubblewrap.</summary>
    public int Info => _info;

    /// <summary>Whether it waits for bubblewrap to tell which process is to be killed.</summary>
    public bool IsDoomed => _doomed;

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
                ReadOnlySpan<byte> sizes = ReadProc(ref _statm, "statm", stackalloc byte[128]);
                return sizes.IsEmpty ? 0 : SecondNumber(sizes) * Environment.SystemPageSize;
            }
        }
    }

    /// <summary>Bytes of its page tables now; 0 when it is gone.</summary>
    public long PageTableBytes
    {
        get
        {
            lock (_gate)
            {
                ReadOnlySpan<byte> status = ReadProc(ref _status, "status", stackalloc byte[StatusBytes]);
                int line = status.IndexOf("\nVmPTE:"u8);
                return line < 0 ? 0 : FirstNumber(status[(line + 1)..]) * 1024L;
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
            if (_pidFd < 0) return;
            // Bubblewrap reaps the worker and follows it. Killed itself, it would leave that to whoever is process 1 here, and many a container has nobody. And
            // killed between making its child and letting it go on, it would leave one that waits for ever: what it says of the child is awaited first.
            _doomed = IsJailed && !MeetInner() && _info >= 0;
            if (!_doomed) Send(_innerFd >= 0 ? _innerFd : _pidFd, Libc.SignalKill);
        }
    }

    /// <summary>Whether the worker has ended, reaped or not, or ends within this time. For the thread that reaps it.</summary>
    public bool EndsWithin(TimeSpan time)
    {
        int fd = _innerFd >= 0 ? _innerFd : _pidFd;
        return fd < 0 || IsOver(fd, (int)time.TotalMilliseconds);
    }

    /// <summary>Learns the worker's own pid from bubblewrap. False when there is nobody to learn of: the worker is gone, or not there yet.</summary>
    public bool Meet()
    {
        lock (_gate) return MeetInner() && MeetWorker();
    }

    public IWorkerConnection Connect(int maxFrameBytes, IFrameSink sink) => new WorkerConnection(this, maxFrameBytes, sink);

    /// <summary>Bubblewrap is to do its part, telling of its worker or following it: one that somebody stopped would not.</summary>
    public void Continue()
    {
        lock (_gate) Send(_pidFd, Libc.SignalContinue);
    }

    /// <summary>Ends a worker whose bubblewrap was killed before it, so that nothing it holds is given to the next while it lives. The host's child has been reaped.</summary>
    public void EndInner()
    {
        lock (_gate)
        {
            if (_innerFd >= 0 && !IsOver(_innerFd, 0))
            {
                Send(_innerFd, Libc.SignalKill);
                IsOver(_innerFd, InnerPatience);
            }

            // Bubblewrap does not wait for its own process 1 when the worker ends by itself. A host that is process 1 of its container inherits it, and
            // nobody else would reap it.
            if (_innerFd >= 0) _ = Libc.syscall(Libc.SysWaitId, Libc.WaitByPidFd, _innerFd, 0, Libc.WaitExited | Libc.WaitNoHang, 0);
        }

        // Killed before it told of its child, which it may have made.
        if (IsJailed && _innerFd < 0) StrayJails.Remove();
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
        exit = new ProcessExit(code == Libc.ExitedCode ? status : 128 + status, OwnPeak(usage[4] * 1024));
        return true;
    }

    /// <summary>
    /// posix_spawn lets a child begin in the host's memory, and the kernel keeps that as the child's peak (fs/exec.c, exec_mmap): a peak is surely the worker's own
    /// when the host never had so much.
    /// </summary>
    private static long OwnPeak(long counted)
    {
        string[] host = ProcFile.Status("/proc/self/status").GetValueOrDefault("VmHWM", "").Split(' ');
        return long.TryParse(host[0], CultureInfo.InvariantCulture, out long kilobytes) && counted > kilobytes * 1024 ? counted : 0;
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
            foreach (int fd in (ReadOnlySpan<int>)[_pidFd, _innerFd, _info, _statm, _status, Stdin, Stdout, Stderr])
            {
                if (fd >= 0) _ = Libc.close(fd);
            }

            _pidFd = _innerFd = _info = _statm = _status = Stdin = Stdout = Stderr = -1;
        }

        Confinement?.Dispose();
    }

    private bool IsJailed => _idInJail > 0;

    private static bool IsOver(int pidFd, int milliseconds)
    {
        var fd = new Libc.PollFd { Fd = pidFd, Events = Libc.PollIn };
        return Libc.poll(&fd, 1, milliseconds) > 0;
    }

    private bool MeetInner()
    {
        if (!IsJailed) return _pidFd >= 0;
        if (_info < 0) return _innerFd >= 0;
        byte* text = stackalloc byte[1024];
        nint length = Libc.read(_info, text, 1024);
        if (length > 0 && _innerFd < 0) Recognize(FirstNumber(new ReadOnlySpan<byte>(text, (int)length)));
        if (length != 0) return _innerFd >= 0;
        // It closes the pipe when all is told, or when it dies. Closed before, it would die of what it still has to say.
        _ = Libc.close(_info);
        _info = -1;
        if (_doomed) Send(_innerFd >= 0 ? _innerFd : _pidFd, Libc.SignalKill);
        return _innerFd >= 0;
    }

    private void Recognize(int pid)
    {
        int inner = pid <= 0 ? -1 : (int)Libc.syscall(Libc.SysPidFdOpen, pid, 0, 0, 0, 0);
        if (inner < 0) return;
        // Only bubblewrap's own child is the worker: a pid that was free again belongs to somebody else by now.
        if (ProcFile.Status($"/proc/{pid}/status").GetValueOrDefault("PPid") != _child.ToString(CultureInfo.InvariantCulture))
        {
            _ = Libc.close(inner);
            return;
        }

        _innerFd = inner;
        _inner = pid;
        Adopt(pid);
        if (_doomed) Send(inner, Libc.SignalKill);
    }

    /// <summary>Finds the worker where it is not the first process of its jail: that one's only child, and there as long as that one is.</summary>
    private bool MeetWorker()
    {
        if (_idInJail < 2 || Pid != _inner) return true;
        if (ProcFile.ChildOf(_inner) is not { } worker) return false;
        Adopt(worker);
        return true;
    }

    private static void Send(int pidFd, int signal) => _ = Libc.syscall(Libc.SysPidFdSendSignal, pidFd, signal, 0, 0, 0);

    private void Adopt(int pid)
    {
        Pid = pid;
        // CPUCLOCK_SCHED of another process (linux/posix-timers.h): no file to open, no text to read.
        _cpuClock = (~pid << 3) | 2;
        foreach (int fd in (ReadOnlySpan<int>)[_statm, _status]) if (fd >= 0) _ = Libc.close(fd);
        _statm = _status = -1;
    }

    /// <summary>Reads a file of the process's /proc, which stays open from the first time. Empty when the process is gone. Under the gate.</summary>
    private ReadOnlySpan<byte> ReadProc(ref int descriptor, string name, Span<byte> text)
    {
        if (_pidFd < 0) return [];
        if (descriptor < 0) descriptor = Libc.open($"/proc/{Pid}/{name}", Libc.CloseOnExec);
        if (descriptor < 0) return [];
        fixed (byte* at = text) return text[..(int)Math.Max(0, Libc.pread(descriptor, at, text.Length, 0))];
    }

    /// <summary>Of bubblewrap's <c>{ "child-pid": N }</c>, or of a line of /proc.</summary>
    private static int FirstNumber(ReadOnlySpan<byte> text)
    {
        int start = text.IndexOfAnyInRange((byte)'0', (byte)'9');
        return start >= 0 && Utf8Parser.TryParse(text[start..], out int value, out _) ? value : 0;
    }

    private static long SecondNumber(ReadOnlySpan<byte> text)
    {
        int space = text.IndexOf((byte)' ');
        long value = 0;
        for (int i = space + 1; space >= 0 && i < text.Length && text[i] is >= (byte)'0' and <= (byte)'9'; i++) value = (value * 10) + (text[i] - '0');
        return value;
    }
}
