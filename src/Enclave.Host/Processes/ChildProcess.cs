using System.Buffers.Text;
using Enclave.Linux;

namespace Enclave.Processes;

/// <summary>One process: its pipes, its pidfd, and its end. Killing and looking at it never race with the reuse of its pid.</summary>
internal abstract unsafe class ChildProcess
{
    /// <summary>The part of /proc/PID/status that tells of memory ends before this.</summary>
    private const int StatusBytes = 2048;

    private readonly IDisposable? _share;
    private int _statm = -1;
    private int _status = -1;
    private int _cpuClock;

    /// <param name="pid">The process, as this machine sees it.</param>
    /// <param name="pidFd">Its pidfd.</param>
    /// <param name="pipes">The host's ends of its pipes.</param>
    /// <param name="share">What it holds of the machine, given back once it was reaped; null for programs that get nothing.</param>
    protected ChildProcess(int pid, int pidFd, HostPipes pipes, IDisposable? share)
    {
        (PidFd, Stdin, Stdout, Stderr, _share) = (pidFd, pipes.In, pipes.Out, pipes.Log, share);
        Adopt(pid);
    }

    /// <summary>The process that is watched, as this machine sees it.</summary>
    public int Pid { get; private set; }

    /// <summary>Its id as it sees it.</summary>
    public abstract int OwnPid { get; }

    /// <summary>Readable once the process that <see cref="TryReap"/> asks for has ended; -1 when it was reaped.</summary>
    public int PidFd { get; private set; }

    /// <summary>The first process of its jail, where that is not the host's child; -1 while it is not known, and where there is none.</summary>
    public int InnerFd { get; protected set; } = -1;

    /// <summary>Bubblewrap tells of the worker through it; -1 once it has told all, and where there is no bubblewrap.</summary>
    public int Info { get; protected set; } = -1;

    /// <summary>True if it waits for bubblewrap to tell which process is to be killed.</summary>
    public virtual bool IsDoomed => false;

    public int Stdin { get; private set; }

    public int Stdout { get; private set; }

    public int Stderr { get; private set; }

    /// <summary>Resident bytes now; 0 when it is gone.</summary>
    public long ResidentBytes
    {
        get
        {
            lock (Gate)
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
            lock (Gate)
            {
                ReadOnlySpan<byte> status = ReadProc(ref _status, "status", stackalloc byte[StatusBytes]);
                int line = status.IndexOf("\nVmPTE:"u8);
                return line < 0 ? 0 : FirstNumber(status[(line + 1)..]) * 1024L;
            }
        }
    }

    /// <summary>CPU time of all of it in microseconds; 0 when it is gone.</summary>
    public long CpuMicroseconds
    {
        get
        {
            Libc.TimeSpec time;
            return Libc.clock_gettime(_cpuClock, &time) == 0 ? (time.Seconds * 1_000_000) + (time.Nanoseconds / 1000) : 0;
        }
    }

    /// <summary>Guards the descriptors: none is used after it was closed.</summary>
    protected Lock Gate { get; } = new();

    /// <summary>Sends SIGKILL. Harmless when the process is gone already.</summary>
    public abstract void Kill();

    /// <summary>True if it has ended, or ends within this time.</summary>
    public abstract bool EndsWithin(TimeSpan time);

    /// <summary>Learns which process is to be watched. False when there is none.</summary>
    public abstract bool Meet();

    /// <summary>Takes the exit status of a process whose pidfd is readable; false when it still lives.</summary>
    public abstract bool TryReap(out ProcessExit exit);

    /// <summary>Tells a stopped process beside the worker to go on: the worker's end depends on it.</summary>
    public virtual void Continue()
    {
    }

    /// <summary>Ends what is left of the jail once the host's child was reaped.</summary>
    public virtual void EndInner()
    {
    }

    /// <summary>The worker closed its log; polling it further would only spin.</summary>
    public void CloseStderr()
    {
        lock (Gate)
        {
            if (Stderr >= 0) _ = Libc.close(Stderr);
            Stderr = -1;
        }
    }

    /// <summary>Closes every descriptor. The process has been reaped.</summary>
    public void Close()
    {
        lock (Gate)
        {
            if (PidFd < 0) return;
            CloseAll([PidFd, InnerFd, Info, _statm, _status, Stdin, Stdout, Stderr]);
            PidFd = InnerFd = Info = _statm = _status = Stdin = Stdout = Stderr = -1;
        }

        _share?.Dispose();
        OnClosed();
    }

    /// <summary>All descriptors are closed.</summary>
    protected virtual void OnClosed()
    {
    }

    /// <summary>The process with this id is the worker.</summary>
    protected void Adopt(int pid)
    {
        Pid = pid;
        // CPUCLOCK_SCHED of another process (linux/posix-timers.h): no file to open, no text to read.
        _cpuClock = (~pid << 3) | 2;
        CloseAll([_statm, _status]);
        _statm = _status = -1;
    }

    protected static void Send(int pidFd, int signal) => _ = Libc.syscall(Libc.SysPidFdSendSignal, pidFd, signal, 0, 0, 0);

    protected static bool IsOver(int pidFd, int milliseconds)
    {
        var fd = new Libc.PollFd { Fd = pidFd, Events = Libc.PollIn };
        return Libc.poll(&fd, 1, milliseconds) > 0;
    }

    /// <summary>The first number in a text of bubblewrap's or the kernel's; 0 where there is none.</summary>
    protected static int FirstNumber(ReadOnlySpan<byte> text)
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

    /// <summary>Reads a file of the process's /proc, which stays open from the first time. Empty when the process is gone. Under the gate.</summary>
    private ReadOnlySpan<byte> ReadProc(ref int descriptor, string name, Span<byte> text)
    {
        if (PidFd < 0) return [];
        if (descriptor < 0) descriptor = Libc.open($"/proc/{Pid}/{name}", Libc.CloseOnExec);
        if (descriptor < 0) return [];
        fixed (byte* at = text) return text[..(int)Math.Max(0, Libc.pread(descriptor, at, text.Length, 0))];
    }

    private static void CloseAll(ReadOnlySpan<int> descriptors)
    {
        foreach (int descriptor in descriptors)
        {
            if (descriptor >= 0) _ = Libc.close(descriptor);
        }
    }
}
