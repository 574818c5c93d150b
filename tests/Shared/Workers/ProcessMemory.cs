namespace Enclave.Tests;

/// <summary>Looks through what another process may write. Its owner and root may.</summary>
internal static class ProcessMemory
{
    private const int Step = 1 << 20;

    /// <summary>Whether any of these bytes are anywhere in it.</summary>
    public static bool Holds(int pid, params byte[][] markers)
    {
        using FileStream memory = new($"/proc/{pid}/mem", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0);
        // Chunks overlap by the longest marker's length.
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
                    // Reserved, and nothing there.
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
