using System.Globalization;

namespace Enclave.LoadBench;

/// <summary>The memory of one worker, as the kernel reports it.</summary>
internal sealed class WorkerMemory(int pid)
{
    private const string Module = "libenclave-engine";

    /// <summary>The workers among this process's descendants.</summary>
    public static IReadOnlyList<WorkerMemory> OfThisHost()
    {
        Dictionary<int, int> parents = Parents();
        return [.. parents.Keys.Where((pid) => IsBelow(pid, Environment.ProcessId, parents) && IsWorker(pid)).Select((pid) => new WorkerMemory(pid))];
    }

    /// <summary>The resident memory of a process, and the proportional memory of it and all its descendants.</summary>
    public static (double Resident, double Tree) OfHost(int host)
    {
        Dictionary<int, int> parents = Parents();
        long tree = parents.Keys.Where((pid) => pid == host || IsBelow(pid, host, parents)).Sum((pid) => KiB($"/proc/{pid}/smaps_rollup", "Pss") ?? 0);
        return ((KiB($"/proc/{host}/status", "VmRSS") ?? 0) / 1024.0, tree / 1024.0);
    }

    /// <summary>The peak of its resident memory; 0 if the process has ended.</summary>
    public double PeakMiB() => (KiB($"/proc/{pid}/status", "VmHWM") ?? 0) / 1024.0;

    /// <summary>The kernel's tables of its pages; 0 if the process has ended.</summary>
    public double PageTablesMiB() => (KiB($"/proc/{pid}/status", "VmPTE") ?? 0) / 1024.0;

    /// <summary>Its private memory, and its proportional memory: private plus its share of shared pages.</summary>
    public (double Private, double Proportional) HeldMiB() => HeldMiBOrNothing() ?? throw new BenchException($"worker {pid} is gone");

    /// <summary>The same; null if the process has ended.</summary>
    public (double Private, double Proportional)? HeldMiBOrNothing()
    {
        string file = $"/proc/{pid}/smaps_rollup";
        return (KiB(file, "Private_Clean") + KiB(file, "Private_Dirty")) / 1024.0 is { } own && KiB(file, "Pss") / 1024.0 is { } share ? (own, share) : null;
    }

    /// <summary>The resident memory of this process.</summary>
    public static double ResidentMiBOfThisProcess() => KiB("/proc/self/status", "VmRSS")!.Value / 1024.0;

    private static Dictionary<int, int> Parents() => Directory.EnumerateDirectories("/proc")
        .Select((folder) => int.TryParse(Path.GetFileName(folder), out int pid) ? pid : 0)
        .Where((pid) => pid > 0)
        .ToDictionary((pid) => pid, (pid) => (int)(KiB($"/proc/{pid}/status", "PPid") ?? 0));

    private static bool IsBelow(int pid, int host, Dictionary<int, int> parents)
    {
        while (parents.TryGetValue(pid, out int parent))
        {
            if (parent == host) return true;
            pid = parent;
        }

        return false;
    }

    private static bool IsWorker(int pid)
    {
        string[] arguments = (Read($"/proc/{pid}/cmdline") ?? "").Split('\0');
        // A jail around the worker also names the module in its arguments.
        return arguments[0].Contains("ld-linux", StringComparison.Ordinal) && arguments.Any((argument) => argument.Contains(Module, StringComparison.Ordinal))
            && !IsNursery(pid);
    }

    /// <summary>The process that workers are forked from. It has a control socket; workers do not.</summary>
    private static bool IsNursery(int pid)
    {
        try
        {
            return new FileInfo($"/proc/{pid}/fd/7").LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true;
        }
        catch (IOException)
        {
            // The process ended between the listing and the reading.
            return false;
        }
    }

    /// <summary>The number in a line such as <c>VmHWM:   1234 kB</c>.</summary>
    private static long? KiB(string file, string field)
    {
        string? line = Read(file)?.Split('\n').FirstOrDefault((text) => text.StartsWith(field + ":", StringComparison.Ordinal));
        return line is null ? null : long.Parse(line.AsSpan(field.Length + 1).Trim().TrimEnd(" kB"), CultureInfo.InvariantCulture);
    }

    private static string? Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // The process ended between the listing and the reading.
            return null;
        }
    }
}
