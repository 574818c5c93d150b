using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Enclave.Linux;

namespace Enclave.Workers.Comparison;

/// <summary>Reads another process's memory, pages and mappings, while it is idle.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class ProcessMemory : IDisposable
{
    /// <summary>IOV_MAX.</summary>
    private const int PartsAtOnce = 1024;

    /// <summary>About 100 bytes for each of at most 4,096 mappings, as in native/maps.h.</summary>
    private const int MaxMapsBytes = 512 << 10;

    /// <summary>Longer than any line of /proc/PID/syscall and /proc/PID/stat.</summary>
    private const int LineBytes = 1024;

    private static readonly string[] s_files = ["maps", "pagemap", "mem", "syscall", "stat"];

    private readonly int _pid;
    private readonly int[] _open;

    private ProcessMemory(int pid, int[] open) => (_pid, _open) = (pid, open);

    public int Pagemap => _open[1];

    /// <summary>Opens the files. Null if this host may not, or cannot now.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="fault">Why it cannot now; null if it may not, or if the process is gone.</param>
    public static ProcessMemory? TryOpen(int pid, out string? fault)
    {
        fault = null;
        var memory = new ProcessMemory(pid, [.. s_files.Select((_) => -1)]);
        for (int i = 0; i < s_files.Length; i++)
        {
            memory._open[i] = Libc.open($"/proc/{pid}/{s_files[i]}", Libc.CloseOnExec);
            if (memory._open[i] < 0) return Refused(memory, out fault);
        }

        // Reading the call is a right of its own, which the kernel checks each time.
        return memory.Call().Length > 0 ? memory : Refused(memory, out fault);
    }

    /// <summary>
    /// Only a few errors mean that this host lacks the permission. After other errors a later attempt may succeed, for example with a free descriptor.
    /// </summary>
    private static ProcessMemory? Refused(ProcessMemory memory, out string? fault)
    {
        int error = Marshal.GetLastPInvokeError();
        fault = error is Libc.ErrorNotPermitted or Libc.ErrorNoEntry or Libc.ErrorNoProcess or Libc.ErrorAccess
            ? null : $"the host cannot read its memory: {Marshal.GetPInvokeErrorMessage(error)}";
        memory.Dispose();
        return null;
    }

    /// <summary>Its system call and registers, as the kernel writes them; empty if it is gone.</summary>
    public string Call() => System.Text.Encoding.ASCII.GetString(Line(_open[3], stackalloc byte[LineBytes]));

    /// <summary>True if its call and registers begin with this text.</summary>
    public bool IsInCall(ReadOnlySpan<char> call)
    {
        ReadOnlySpan<byte> now = Line(_open[3], stackalloc byte[LineBytes]);
        return now.Length >= call.Length && System.Text.Ascii.Equals(now[..call.Length], call);
    }

    /// <summary>Its pending, blocked, ignored and caught signals if it is stopped; otherwise null.</summary>
    public string? SignalsOfStopped()
    {
        ReadOnlySpan<byte> stat = Line(_open[4], stackalloc byte[LineBytes]);
        return WaitingPoint.IsStopped(stat) ? WaitingPoint.SignalsOf(System.Text.Encoding.ASCII.GetString(stat)) : null;
    }

    private static ReadOnlySpan<byte> Line(int descriptor, Span<byte> line)
    {
        fixed (byte* at = line) return line[..(int)Math.Max(0, Libc.pread(descriptor, at, line.Length, 0))].TrimEnd((byte)'\n');
    }

    /// <summary>Its present mappings; null if it is gone.</summary>
    /// <param name="known">Is returned if the kernel's list is the same.</param>
    public Mappings? ReadMappings(Mappings? known)
    {
        byte[] text = System.Buffers.ArrayPool<byte>.Shared.Rent(MaxMapsBytes);
        try
        {
            int length = 0;
            fixed (byte* at = text)
            {
                nint n;
                while ((n = Libc.pread(_open[0], at + length, MaxMapsBytes - length, length)) > 0) length += (int)n;
                if (n < 0 || length == MaxMapsBytes) return null;
            }

            return known?.IsSame(text.AsSpan(0, length)) == true ? known : Mappings.Parse(text.AsSpan(0, length));
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(text);
        }
    }

    /// <summary>Reads whole ranges that other processes may share. False if one cannot be read.</summary>
    /// <remarks>Reads through /proc/PID/mem: <c>process_vm_readv</c> pins pages, for which the kernel first
    /// gives the process its own copy of each shared page.</remarks>
    public bool TryReadShared(ReadOnlySpan<PageRange> ranges, Span<byte> into)
    {
        bool isRead = true;
        foreach (PageRange range in ranges)
        {
            Span<byte> part = into[..(int)range.Length];
            fixed (byte* at = part) isRead = isRead && Libc.pread(_open[2], at, part.Length, (nint)range.Begin) == part.Length;
            into = into[part.Length..];
        }

        return isRead;
    }

    /// <summary>Reads whole ranges of unshared pages in order. False if one cannot be read.</summary>
    public bool TryRead(ReadOnlySpan<PageRange> ranges, Span<byte> into)
    {
        Libc.IoVector* parts = stackalloc Libc.IoVector[Math.Min(ranges.Length, PartsAtOnce)];
        fixed (byte* start = into)
        {
            byte* at = start;
            while (!ranges.IsEmpty)
            {
                int count = Math.Min(ranges.Length, PartsAtOnce);
                long bytes = 0;
                for (int i = 0; i < count; i++)
                {
                    parts[i] = new Libc.IoVector { Base = (void*)ranges[i].Begin, Length = (nint)ranges[i].Length };
                    bytes += ranges[i].Length;
                }

                var local = new Libc.IoVector { Base = at, Length = (nint)bytes };
                if (Libc.process_vm_readv(_pid, &local, 1, parts, (nuint)count, 0) != bytes) return false;
                at += bytes;
                ranges = ranges[count..];
            }
        }

        return true;
    }

    public void Dispose()
    {
        for (int i = 0; i < _open.Length; i++)
        {
            int descriptor = Interlocked.Exchange(ref _open[i], -1);
            if (descriptor >= 0) _ = Libc.close(descriptor);
        }
    }
}
