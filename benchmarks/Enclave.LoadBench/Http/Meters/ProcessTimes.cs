using System.Globalization;

namespace Enclave.LoadBench.Http.Meters;

/// <summary>The CPU time of all processes of this machine, as the kernel counts it.</summary>
internal sealed class ProcessTimes
{
    /// <summary>The kernel's unit on every Linux that .NET supports.</summary>
    private const double TicksPerSecond = 100;

    private readonly Dictionary<int, Times> _all = [];

    private ProcessTimes()
    {
    }

    public static ProcessTimes Read()
    {
        var times = new ProcessTimes();
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id)) continue;
            // The process may have ended since the folder was listed.
            if (Line(folder) is { } line) times._all[id] = Times.Parse(line);
        }

        return times;
    }

    /// <summary>The parent of a process.</summary>
    public int ParentOf(int process) =>
        _all.TryGetValue(process, out Times found) ? found.Parent : throw new BenchException($"there is no process {process} on this machine");

    /// <summary>The CPU seconds of the process itself.</summary>
    public double OwnOf(int process) =>
        _all.TryGetValue(process, out Times found) ? found.Own / TicksPerSecond : throw new BenchException($"the process {process} has ended");

    /// <summary>The CPU seconds of the process and all its descendants, also of those that ended and were waited for.</summary>
    public double TreeOf(int process)
    {
        ILookup<int, int> children = _all.ToLookup((one) => one.Value.Parent, (one) => one.Key);
        var left = new Stack<int>([process]);
        double ticks = 0;
        while (left.TryPop(out int next))
        {
            if (_all.TryGetValue(next, out Times found)) ticks += found.Own + found.Waited;
            foreach (int child in children[next]) left.Push(child);
        }

        return ticks / TicksPerSecond;
    }

    /// <summary>The process and all its running descendants.</summary>
    public IEnumerable<int> Tree(int process) => [process, .. _all.Where((one) => one.Value.Parent == process).SelectMany((one) => Tree(one.Key))];

    private static string? Line(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "stat"));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private readonly record struct Times(int Parent, long Own, long Waited)
    {
        /// <summary>Parses a line of <c>/proc/PID/stat</c>. The name in brackets may contain spaces and brackets.</summary>
        public static Times Parse(string line)
        {
            string[] fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
            return new Times(int.Parse(fields[1], CultureInfo.InvariantCulture), Ticks(11) + Ticks(12), Ticks(13) + Ticks(14));

            long Ticks(int field) => long.Parse(fields[field], CultureInfo.InvariantCulture);
        }
    }
}
