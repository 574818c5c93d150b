namespace Enclave.DotNetPeers;

/// <summary>The memory of this process and of all its descendants, each page once, from <c>smaps_rollup</c>.</summary>
internal static class ProcessTree
{
    public static (double Private, double Proportional) HeldMiB()
    {
        double own = 0, proportional = 0;
        var open = new Stack<int>([Environment.ProcessId]);
        while (open.TryPop(out int pid))
        {
            try
            {
                foreach (string line in File.ReadLines($"/proc/{pid}/smaps_rollup"))
                {
                    if (line.StartsWith("Private_", StringComparison.Ordinal)) own += MiBOf(line);
                    if (line.StartsWith("Pss:", StringComparison.Ordinal)) proportional += MiBOf(line);
                }

                // Every thread has its own children.
                foreach (string thread in Directory.EnumerateDirectories($"/proc/{pid}/task"))
                {
                    string children = File.ReadAllText($"{thread}/children");
                    foreach (string child in children.Split(' ', StringSplitOptions.RemoveEmptyEntries)) open.Push(int.Parse(child));
                }
            }
            catch (IOException)
            {
                // It has ended.
            }
        }

        return (own, proportional);
    }

    private static double MiBOf(string line) => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) / 1024.0;
}
