using System.Globalization;

namespace Enclave.LoadBench.Http.Meters;

/// <summary>What all processes of this machine have computed so far, as the kernel counts it.</summary>
internal sealed class ProcessTimes
{
    /// <summary>The kernel counts in these, on every Linux that .NET runs on.</summary>
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
            // It may have ended since the folder was listed.
            if (Line(folder) is { } line) times._all[id] = Times.Parse(line);
        }

        return times;
    }

    /// <summary>The process that started this one.</summary>
    public int ParentOf(int process) => _all.TryGetValue(process, out Times found) ? found.Parent : throw new BenchException($"there is no process {process} on this machine");

    /// <summary>Seconds of the process itself.</summary>
    public double OwnOf(int process) => _all.TryGetValue(process, out Times found) ? found.Own / TicksPerSecond : throw new BenchException($"the process {process} has ended");

    /// <summary>Seconds of the process and all that it started, also of those that ended and were waited for.</summary>
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

    /// <summary>The process and all that it started and that runs.</summary>
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
        /// <summary>Of a line of <c>/proc/PID/stat</c>. The name in brackets may hold spaces and brackets.</summary>
        public static Times Parse(string line)
        {
            string[] fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
            return new Times(int.Parse(fields[1], CultureInfo.InvariantCulture), Ticks(11) + Ticks(12), Ticks(13) + Ticks(14));

            long Ticks(int field) => long.Parse(fields[field], CultureInfo.InvariantCulture);
        }
    }
}
