using System.Globalization;
using System.Runtime.InteropServices;

namespace Enclave.Linux;

/// <summary>Reads small files of the kernel. Null if they do not exist or may not be read.</summary>
internal static class ProcFile
{
    public static string? Text(string path) => Text(path, out _);

    /// <param name="path">The file.</param>
    /// <param name="isShort">True if the file may well exist: this process has no free descriptor, or no memory, to read it.</param>
    public static string? Text(string path, out bool isShort)
    {
        isShort = false;
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            isShort = IsShort(fault);
            return null;
        }
    }

    /// <summary>True if a file was not opened because this process or the machine has no free descriptor, or no memory (ENOMEM, ENFILE, EMFILE).</summary>
    public static bool IsShort(Exception fault) => fault is IOException { HResult: 12 or 23 or 24 };

    /// <summary>The target of a link; null if it cannot be read.</summary>
    public static string? Link(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The first child of a process with one thread; null if it has none, or is gone.</summary>
    public static int? ChildOf(int pid)
    {
        if (Text($"/proc/{pid}/task/{pid}/children") is { } children)
            return int.TryParse(children.Split(' ')[0], CultureInfo.InvariantCulture, out int first) ? first : null;
        // On a kernel without CONFIG_PROC_CHILDREN each process names its parent.
        string parent = pid.ToString(CultureInfo.InvariantCulture);
        foreach (string folder in Exists(pid) ? Directory.EnumerateDirectories("/proc") : [])
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int other)
                && Status($"{folder}/status").GetValueOrDefault("PPid") == parent) return other;
        }

        return null;
    }

    /// <summary>The id of a pidfd's process on this machine; 0 or less if it is gone.</summary>
    public static int PidOf(int pidFd) =>
        int.TryParse(Status($"/proc/self/fdinfo/{pidFd}").GetValueOrDefault("Pid"), CultureInfo.InvariantCulture, out int pid) ? pid : 0;

    /// <summary>True if there is a process with this id, whether or not /proc shows it.</summary>
    public static bool Exists(int pid)
    {
        if (!OperatingSystem.IsLinux()) return false;
        int process = (int)Libc.syscall(Libc.SysPidFdOpen, pid, 0, 0, 0, 0);
        if (process < 0) return Marshal.GetLastPInvokeError() != Libc.ErrorNoProcess;
        _ = Libc.close(process);
        return true;
    }

    /// <summary>The lines of a <c>status</c> file as names and values; empty if it cannot be read.</summary>
    public static Dictionary<string, string> Status(string path) => Lines(Text(path));

    /// <summary>The lines of a <c>status</c> file's text as names and values; empty without a text.</summary>
    public static Dictionary<string, string> Lines(string? status)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in (status ?? "").Split('\n'))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0) values[line[..colon]] = line[(colon + 1)..].Trim();
        }

        return values;
    }
}
