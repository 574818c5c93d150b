using System.Globalization;
using Enclave.Linux;

namespace Enclave.Isolation.Cgroups;

/// <summary>One worker's group: made when the worker is, limited before its first job, removed when it has been reaped.</summary>
internal sealed class ControlGroup : IDisposable
{
    private const string Prefix = "enclave.";

    /// <summary>What a process outside has: cpu.shares and cpu.weight when nobody sets them.</summary>
    private const int Shares = 1024, Weight = 100;

    /// <summary>Where this host's process id means something: another namespace, a container's, may have the same id for another process.</summary>
    private static readonly string s_pids = new([.. (ProcFile.Link("/proc/self/ns/pid") ?? "").Where(char.IsAsciiDigit)]);

    private static int s_next;

    private readonly ControlGroupTree _tree;
    private readonly string[] _folders;
    private readonly string _name;

    private ControlGroup(ControlGroupTree tree, string name)
    {
        (_tree, _name) = (tree, name);
        _folders = [.. tree.Folders.Values.Distinct().Select((folder) => Path.Combine(folder, name))];
    }

    /// <summary>The group's own name, as it ends in the worker's /proc/PID/cgroup.</summary>
    public string Name => _name;

    /// <summary>Makes a group without limits. Null when the kernel refuses; the reason then is <paramref name="fault"/>.</summary>
    public static ControlGroup? TryMake(ControlGroupTree tree, out string fault) => TryMake(tree, NameOf(Environment.ProcessId, Interlocked.Increment(ref s_next)), out fault);

    /// <summary>The name of a host's group.</summary>
    /// <param name="host">The host's process id.</param>
    /// <param name="number">Counts the groups that this process makes.</param>
    public static string NameOf(int host, int number) => $"{Prefix}{Text(host)}.{Text(number)}.{s_pids}";

    /// <param name="name">The group's own name: a test's, which has made the files in it that a kernel would make.</param>
    public static ControlGroup? TryMake(ControlGroupTree tree, string name, out string fault)
    {
        var group = new ControlGroup(tree, name);
        fault = "";
        try
        {
            foreach (string folder in group._folders) Directory.CreateDirectory(folder);
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            fault = refusal.Message;
        }

        if (fault.Length == 0) return group;
        group.Dispose();
        return null;
    }

    /// <summary>Moves a whole process into the group. What it has touched before stays with the group it came from.</summary>
    /// <remarks>For the first process that anybody moves the kernel waits 10 to 25 ms until every core has been elsewhere.</remarks>
    public bool Enter(int pid) => _folders.All((folder) => TryWrite(Path.Combine(folder, "cgroup.procs"), Text(pid)));

    /// <summary>How often the kernel killed a process of the group because the group was out of memory.</summary>
    public long OutOfMemoryKills
    {
        get
        {
            string file = Path.Combine(Folder("memory"), _tree.Kind == ControlGroupKind.V2 ? "memory.events" : "memory.oom_control");
            return Counted(file, "oom_kill ");
        }
    }

    /// <summary>Removes the group. Its processes have been reaped.</summary>
    public void Dispose()
    {
        foreach (string folder in _folders) TryRemove(folder);
    }

    /// <summary>Removes the groups that killed hosts left: their process is gone, or had the id that this one has now. Hosts of other pid namespaces are not judged.</summary>
    public static void RemoveStale(ControlGroupTree tree)
    {
        foreach (string folder in tree.Folders.Values.Distinct())
        {
            try
            {
                foreach (string group in Directory.EnumerateDirectories(folder, Prefix + "*").Where(IsStale)) TryRemove(group);
            }
            catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
            {
                // Groups may be made in it, and its list not be read.
            }
        }
    }

    private static bool IsStale(string group)
    {
        // enclave.PID.NUMBER.NAMESPACE: other names are not ours.
        string[] name = Path.GetFileName(group).Split('.');
        if (name.Length != 4 || name[3] != s_pids || !int.TryParse(name[1], NumberStyles.None, CultureInfo.InvariantCulture, out int owner)) return false;
        if (!int.TryParse(name[2], NumberStyles.None, CultureInfo.InvariantCulture, out int number)) return false;
        // Numbers are counted up before a group of that number is made.
        return owner == Environment.ProcessId ? number > Volatile.Read(ref s_next) : !Directory.Exists($"/proc/{owner}");
    }

    /// <summary>Writes a value into a file of the kernel.</summary>
    public static bool TryWrite(string file, string value)
    {
        try
        {
            // Opened as it is: a kernel's file is neither made nor cut.
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0);
            stream.Write(System.Text.Encoding.ASCII.GetBytes(value));
            return true;
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Sets its limits. False when the kernel refuses one.</summary>
    public bool Limit(ControlGroupLimits limits)
    {
        bool second = _tree.Kind == ControlGroupKind.V2;
        string memory = Text(limits.MemoryBytes + HeldBytes);
        bool ok = TryWrite(Path.Combine(Folder("memory"), second ? "memory.max" : "memory.limit_in_bytes"), memory) &&
            TryWrite(Path.Combine(Folder("pids"), "pids.max"), Text(limits.Processes));
        // Swap would only delay the end. Kernels without swap accounting lack these files.
        _ = second ? TryWrite(Path.Combine(Folder("memory"), "memory.swap.max"), "0") : TryWrite(Path.Combine(Folder("memory"), "memory.memsw.limit_in_bytes"), memory);
        return ok && Weigh(limits.CpuPercent);
    }

    /// <summary>Sets its share of CPU under contention. False when the kernel refuses.</summary>
    /// <param name="cpuPercent">Of what a process outside has.</param>
    public bool Weigh(int cpuPercent)
    {
        if (!_tree.Folders.ContainsKey("cpu")) return true;
        return _tree.Kind == ControlGroupKind.V2
            ? TryWrite(Path.Combine(Folder("cpu"), "cpu.weight"), Text(Math.Max(1, Weight * cpuPercent / 100)))
            : TryWrite(Path.Combine(Folder("cpu"), "cpu.shares"), Text(Math.Max(2, Shares * cpuPercent / 100)));
    }

    /// <summary>What its processes hold now, and the kernel could not take back as it can what it read from files.</summary>
    private long HeldBytes
    {
        get
        {
            (string used, string files) = _tree.Kind == ControlGroupKind.V2 ? ("memory.current", "file ") : ("memory.usage_in_bytes", "cache ");
            string folder = Folder("memory");
            return Math.Max(0, Number(ProcFile.Text(Path.Combine(folder, used))) - Counted(Path.Combine(folder, "memory.stat"), files));
        }
    }

    private string Folder(string controller) => Path.Combine(_tree.Folders[controller], _name);

    private static void TryRemove(string folder)
    {
        try
        {
            // rmdir, and nothing else: the files in it are the kernel's.
            Directory.Delete(folder, recursive: false);
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            // Gone already, or somebody is still in it: the next host looks again.
        }
    }

    /// <summary>The number behind a name, one of which stands in each line of the file; 0 where it does not.</summary>
    private static long Counted(string file, string name) =>
        Number((ProcFile.Text(file) ?? "").Split('\n').FirstOrDefault((line) => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..]);

    private static long Number(string? text) => long.TryParse(text, CultureInfo.InvariantCulture, out long number) ? number : 0;

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
