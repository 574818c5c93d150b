using System.Buffers;
using System.Globalization;
using System.Text;

namespace Enclave.Linux;

/// <summary>Reads small files of the kernel. Null if they do not exist or may not be read.</summary>
internal static class ProcFile
{
    /// <summary>Such files are read in pieces of this size. None is larger than the second.</summary>
    private const int PieceBytes = 16 << 10, MaxBytes = 16 << 20;

    private const int LinkBytes = 4096;

    public static unsafe string? Text(string path)
    {
        if (!OperatingSystem.IsLinux()) return null;
        int descriptor = Libc.open(path, Libc.CloseOnExec);
        if (descriptor < 0) return null;
        byte[] room = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            int length = 0;
            while (true)
            {
                nint read;
                fixed (byte* at = room) read = Libc.read(descriptor, at + length, room.Length - length);
                if (read < 0) return null;
                if (read == 0) return Encoding.UTF8.GetString(room, 0, length);
                length += (int)read;
                if (length < room.Length) continue;
                if (length >= MaxBytes) return null;
                byte[] more = ArrayPool<byte>.Shared.Rent(2 * length);
                room.AsSpan(0, length).CopyTo(more);
                ArrayPool<byte>.Shared.Return(room);
                room = more;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
            _ = Libc.close(descriptor);
        }
    }

    /// <summary>The target of a link; null if it cannot be read.</summary>
    public static unsafe string? Link(string path)
    {
        byte* target = stackalloc byte[LinkBytes];
        nint length = OperatingSystem.IsLinux() ? Libc.readlink(path, target, LinkBytes) : -1;
        return length is < 0 or LinkBytes ? null : Encoding.UTF8.GetString(target, (int)length);
    }

    /// <summary>The first child of a process with one thread; null if it has none, or is gone.</summary>
    public static int? ChildOf(int pid)
    {
        if (Text($"/proc/{pid}/task/{pid}/children") is { } children)
            return int.TryParse(children.Split(' ')[0], CultureInfo.InvariantCulture, out int first) ? first : null;
        // On a kernel without CONFIG_PROC_CHILDREN each process names its parent.
        string parent = pid.ToString(CultureInfo.InvariantCulture);
        foreach (string folder in Directory.Exists($"/proc/{pid}") ? Directory.EnumerateDirectories("/proc") : [])
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int other)
                && Status($"{folder}/status").GetValueOrDefault("PPid") == parent) return other;
        }

        return null;
    }

    /// <summary>The id of a pidfd's process on this machine; 0 or less if it is gone.</summary>
    public static int PidOf(int pidFd) =>
        int.TryParse(Status($"/proc/self/fdinfo/{pidFd}").GetValueOrDefault("Pid"), CultureInfo.InvariantCulture, out int pid) ? pid : 0;

    /// <summary>The lines of a <c>status</c> file as names and values; empty if the process is gone.</summary>
    public static Dictionary<string, string> Status(string path)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in (Text(path) ?? "").Split('\n'))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0) values[line[..colon]] = line[(colon + 1)..].Trim();
        }

        return values;
    }
}
