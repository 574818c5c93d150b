using Enclave.Linux;

namespace Enclave.Workers.Comparison;

/// <summary>Reads another process's memory, pages and mappings, while it is idle.</summary>
internal sealed unsafe class ProcessMemory : IDisposable
{
    /// <summary>IOV_MAX.</summary>
    private const int PartsAtOnce = 1024;

    /// <summary>About 100 bytes for each of at most 4,096 mappings, as in native/maps.h.</summary>
    private const int MaxMapsBytes = 512 << 10;

    private readonly int _pid;
    private int _maps;

    private ProcessMemory(int pid, int maps, int pagemap) => (_pid, _maps, Pagemap) = (pid, maps, pagemap);

    public int Pagemap { get; private set; }

    /// <summary>Opens the files. Null if this host may not.</summary>
    public static ProcessMemory? TryOpen(int pid)
    {
        int maps = Libc.open($"/proc/{pid}/maps", Libc.CloseOnExec), pagemap = Libc.open($"/proc/{pid}/pagemap", Libc.CloseOnExec);
        if (maps >= 0 && pagemap >= 0) return new ProcessMemory(pid, maps, pagemap);
        if (maps >= 0) _ = Libc.close(maps);
        if (pagemap >= 0) _ = Libc.close(pagemap);
        return null;
    }

    /// <summary>Its present mappings; null if it is gone.</summary>
    public Mappings? ReadMappings()
    {
        byte[] text = System.Buffers.ArrayPool<byte>.Shared.Rent(MaxMapsBytes);
        try
        {
            int length = 0;
            fixed (byte* at = text)
            {
                nint n;
                while ((n = Libc.pread(_maps, at + length, MaxMapsBytes - length, length)) > 0) length += (int)n;
                if (n < 0 || length == MaxMapsBytes) return null;
            }

            return Mappings.Parse(text.AsSpan(0, length));
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
        int memory = Libc.open($"/proc/{_pid}/mem", Libc.CloseOnExec);
        if (memory < 0) return false;
        bool isRead = true;
        foreach (PageRange range in ranges)
        {
            Span<byte> part = into[..(int)range.Length];
            fixed (byte* at = part) isRead = isRead && Libc.pread(memory, at, part.Length, (nint)range.Begin) == part.Length;
            into = into[part.Length..];
        }

        _ = Libc.close(memory);
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
        if (_maps >= 0) _ = Libc.close(_maps);
        if (Pagemap >= 0) _ = Libc.close(Pagemap);
        _maps = Pagemap = -1;
    }
}
