using System.Buffers.Text;
using System.Runtime.Versioning;
using Enclave.Linux;

namespace Enclave.Processes;

/// <summary>One process: its pipes, its pidfd, and its end. Killing and inspecting it never race with the reuse of its pid.</summary>
[SupportedOSPlatform("linux")]
internal abstract unsafe class ChildProcess
{
    /// <summary>The memory lines of /proc/PID/status are within this length.</summary>
    private const int StatusBytes = 2048;

    private const int Status = 0, Statm = 1;

    /// <summary>Files of its /proc that stay open after they are opened.</summary>
    private static readonly string[] s_files = ["status", "statm", "limits", "cgroup"];

    private readonly IDisposable? _share;
    private readonly int[] _files = [-1, -1, -1, -1];
    private int _cpuClock;

    /// <param name="pid">Its id on this machine.</param>
    /// <param name="pidFd">Its pidfd.</param>
    /// <param name="pipes">The host's ends of its pipes.</param>
    /// <param name="share">Its resources of the machine, released after it is reaped; null for none.</param>
    protected ChildProcess(int pid, int pidFd, HostPipes pipes, IDisposable? share)
    {
        (PidFd, Stdin, Stdout, Stderr, _share) = (pidFd, pipes.In, pipes.Out, pipes.Log, share);
        Adopt(pid);
    }

    /// <summary>The id of the watched process on this machine.</summary>
    public int Pid { get; private set; }

    /// <summary>Its id in its own namespace.</summary>
    public abstract int OwnPid { get; }

    /// <summary>Readable when the process that <see cref="TryReap"/> reaps has ended; -1 after it was reaped.</summary>
    public int PidFd { get; private set; }

    /// <summary>The pidfd of the first process of its jail, if that is not the host's child; -1 while it is unknown, or if there is none.</summary>
    public int InnerFd { get; protected set; } = -1;

    /// <summary>The pipe on which bubblewrap reports the worker; -1 after the report, and without bubblewrap.</summary>
    public int Info { get; protected set; } = -1;

    /// <summary>True if a kill waits for bubblewrap to report the process to kill.</summary>
    public virtual bool IsDoomed => false;

    public int Stdin { get; private set; }

    public int Stdout { get; private set; }

    public int Stderr { get; private set; }

    /// <summary>Bytes of its page tables and of memory that it shares with others now; 0 if it is gone.</summary>
    public long OtherBytes
    {
        get
        {
            lock (Gate)
            {
                ReadOnlySpan<byte> status = ReadOpen(Status, stackalloc byte[StatusBytes]);
                return Kilobytes(status, "\nVmPTE:"u8) + Kilobytes(status, "\nRssShmem:"u8);
            }
        }
    }

    /// <summary>CPU time of all its threads in microseconds; 0 if it is gone.</summary>
    public long CpuMicroseconds => CpuNanoseconds / 1000;

    /// <summary>CPU time of all its threads in nanoseconds; 0 if it is gone.</summary>
    public long CpuNanoseconds
    {
        get
        {
            Libc.TimeSpec time;
            return Libc.clock_gettime(_cpuClock, &time) == 0 ? (time.Seconds * 1_000_000_000) + time.Nanoseconds : 0;
        }
    }

    /// <summary>Guards the descriptors, so that none is used after it is closed.</summary>
    protected Lock Gate { get; } = new();

    /// <summary>Resident bytes of its own now, and those that belong to files or are shared (proc(5), statm); 0 if it is gone.</summary>
    public (long Own, long Files) ReadResident()
    {
        lock (Gate)
        {
            ReadOnlySpan<byte> pages = ReadOpen(Statm, stackalloc byte[128]);
            _ = NextNumber(ref pages);
            long resident = NextNumber(ref pages) * Environment.SystemPageSize, files = NextNumber(ref pages) * Environment.SystemPageSize;
            return (resident - files, files);
        }
    }

    /// <summary>Sends SIGKILL. Does nothing if the process is gone.</summary>
    public abstract void Kill();

    /// <summary>True if it has ended, or ends within this time.</summary>
    public abstract bool EndsWithin(TimeSpan time);

    /// <summary>Finds the process to watch. False if there is none.</summary>
    public abstract bool Meet();

    /// <summary>Reaps a process whose pidfd is readable. False if it still lives, or if its exit status is not known yet.</summary>
    public abstract bool TryReap(out ProcessExit exit);

    /// <summary>Continues a stopped process beside the worker: the worker's end depends on it.</summary>
    public virtual void Continue()
    {
    }

    /// <summary>Ends the rest of the jail after the host's child was reaped.</summary>
    public virtual void EndInner()
    {
    }

    /// <summary>The worker closed its log. Polling it further would only spin.</summary>
    public void CloseStderr()
    {
        lock (Gate)
        {
            if (Stderr >= 0) _ = Libc.close(Stderr);
            Stderr = -1;
        }
    }

    /// <summary>Closes every descriptor. The process must have been reaped.</summary>
    public void Close()
    {
        lock (Gate)
        {
            if (PidFd < 0) return;
            CloseAll([PidFd, InnerFd, Info, Stdin, Stdout, Stderr]);
            CloseFiles();
            PidFd = InnerFd = Info = Stdin = Stdout = Stderr = -1;
        }

        _share?.Dispose();
        OnClosed();
    }

    /// <summary>All descriptors are closed.</summary>
    protected virtual void OnClosed()
    {
    }

    /// <summary>Sets the id of the worker's process.</summary>
    protected void Adopt(int pid)
    {
        Pid = pid;
        // CPUCLOCK_SCHED of another process (linux/posix-timers.h): no file to open or parse.
        _cpuClock = (~pid << 3) | 2;
        CloseFiles();
        if (ProcMount.Hides is null) return;
        for (int file = 0; file < s_files.Length; file++) Open(file);
    }

    /// <summary>Reads a file of its /proc. A file that was opened before the worker's lock stays readable.</summary>
    /// <param name="name">The name of the file.</param>
    /// <param name="read">Reads a file by its path; null for <see cref="ProcFile.Text(string)"/>.</param>
    /// <returns>Null if this host may not read it, or if the process is gone.</returns>
    public string? ReadProc(string name, Func<string, string?>? read = null)
    {
        lock (Gate)
        {
            int file = Array.IndexOf(s_files, name);
            return (read ?? ProcFile.Text)(file >= 0 && _files[file] >= 0 ? $"/proc/self/fd/{_files[file]}" : $"/proc/{Pid}/{name}");
        }
    }

    public static void Send(int pidFd, int signal) => _ = Libc.syscall(Libc.SysPidFdSendSignal, pidFd, signal, 0, 0, 0);

    public static bool IsOver(int pidFd, int milliseconds) => DescriptorWait.IsReadable(pidFd, milliseconds);

    /// <summary>The first number in a text of bubblewrap or the kernel; 0 if there is none.</summary>
    protected static int FirstNumber(ReadOnlySpan<byte> text)
    {
        int start = text.IndexOfAnyInRange((byte)'0', (byte)'9');
        return start >= 0 && Utf8Parser.TryParse(text[start..], out int value, out _) ? value : 0;
    }

    /// <summary>A line of /proc/PID/status, in bytes; 0 if there is none.</summary>
    private static long Kilobytes(ReadOnlySpan<byte> status, ReadOnlySpan<byte> name)
    {
        int line = status.IndexOf(name);
        return line < 0 ? 0 : FirstNumber(status[(line + name.Length)..]) * 1024L;
    }

    private static long NextNumber(ref ReadOnlySpan<byte> text)
    {
        long value = 0;
        int i = 0;
        for (; i < text.Length && text[i] is >= (byte)'0' and <= (byte)'9'; i++) value = (value * 10) + (text[i] - '0');
        text = i < text.Length ? text[(i + 1)..] : [];
        return value;
    }

    /// <summary>Reads a file of the process's /proc. It stays open after the first read. Empty if the process is gone. Call it under the lock.</summary>
    private ReadOnlySpan<byte> ReadOpen(int file, Span<byte> text)
    {
        if (PidFd < 0) return [];
        if (_files[file] < 0) Open(file);
        if (_files[file] < 0) return [];
        fixed (byte* at = text) return text[..(int)Math.Max(0, Libc.pread(_files[file], at, text.Length, 0))];
    }

    private void Open(int file) => _files[file] = Libc.open($"/proc/{Pid}/{s_files[file]}", Libc.CloseOnExec);

    private void CloseFiles()
    {
        CloseAll(_files);
        Array.Fill(_files, -1);
    }

    private static void CloseAll(ReadOnlySpan<int> descriptors)
    {
        foreach (int descriptor in descriptors)
        {
            if (descriptor >= 0) _ = Libc.close(descriptor);
        }
    }
}
