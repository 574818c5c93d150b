using System.Globalization;

namespace Enclave.Tests;

/// <summary>Searches the writable memory of another process. Needs its owner or root.</summary>
internal static class ProcessMemory
{
    private const int Step = 1 << 20;

    /// <summary>True if any of these byte sequences are in its memory. False for a process that ends meanwhile.</summary>
    public static bool Holds(int pid, params byte[][] markers)
    {
        try
        {
            return HoldsWhileItRuns(pid, markers);
        }
        catch (Exception) when (HasBegunToEnd(pid))
        {
            return false;
        }
    }

    /// <summary>True if the process is gone or ending: the kernel sets its flag before it frees the memory (proc_pid_stat(5), field 9).</summary>
    private static bool HasBegunToEnd(int pid)
    {
        const uint Exiting = 0x4;
        try
        {
            // The name in parentheses may contain anything, so fields are counted after the last parenthesis.
            string stat = File.ReadAllText($"/proc/{pid}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (uint.Parse(fields[6], CultureInfo.InvariantCulture) & Exiting) != 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static bool HoldsWhileItRuns(int pid, byte[][] markers)
    {
        using FileStream memory = new($"/proc/{pid}/mem", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0);
        // Chunks overlap by the length of the longest sequence.
        byte[] chunk = new byte[Step + markers.Max((marker) => marker.Length)];
        foreach (string line in File.ReadLines($"/proc/{pid}/maps").Where((line) => line.Contains(" rw", StringComparison.Ordinal)))
        {
            string[] ends = line.Split(' ', 2)[0].Split('-');
            long start = Convert.ToInt64(ends[0], 16), end = Convert.ToInt64(ends[1], 16);
            for (long at = start; at < end; at += Step)
            {
                int length = (int)Math.Min(chunk.Length, end - at), read;
                memory.Position = at;
                try
                {
                    read = memory.Read(chunk, 0, length);
                }
                catch (IOException)
                {
                    // Reserved, but not mapped.
                    continue;
                }

                foreach (byte[] marker in markers)
                {
                    if (chunk.AsSpan(0, read).IndexOf(marker) >= 0) return true;
                }
            }
        }

        return false;
    }
}
