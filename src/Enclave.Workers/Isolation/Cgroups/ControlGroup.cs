using System.Globalization;
using Enclave.Linux;

namespace Enclave.Isolation.Cgroups;

/// <summary>The control group of one worker: created with the worker, limited before its first job, removed after it is reaped.</summary>
internal sealed class ControlGroup : IDisposable
{
    private const string Prefix = "enclave.";

    /// <summary>The kernel's default for cpu.shares and cpu.weight.</summary>
    private const int Shares = 1024, Weight = 100;

    /// <summary>Attempts to remove a group, within 20 seconds. A group that is left after them is removed by the next host.</summary>
    private const int MaxRemovals = 12;

    /// <summary>Identifies the pid namespace of the host: in another one, such as a container's, the same id may belong to another process.</summary>
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

    /// <summary>The group's own name, at the end of the worker's /proc/PID/cgroup.</summary>
    public string Name => _name;

    /// <summary>Creates a group without limits. Null if the kernel refuses; <paramref name="fault"/> then has the reason.</summary>
    public static ControlGroup? TryMake(ControlGroupTree tree, out string fault) =>
        TryMake(tree, NameOf(Environment.ProcessId, Interlocked.Increment(ref s_next)), out fault);

    /// <summary>Makes the name of a host's group.</summary>
    /// <param name="host">The host's process id.</param>
    /// <param name="number">The number of the group in this process.</param>
    public static string NameOf(int host, int number) => $"{Prefix}{Text(host)}.{Text(number)}.{s_pids}";

    /// <param name="name">The group's own name, for a test that has made the kernel's files in it.</param>
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

    /// <summary>Moves a process with all its threads into the group. Memory that it used before stays charged to its old group.</summary>
    /// <remarks>The first move of a process takes the kernel 10 to 25 ms, because it waits for a grace period on every core.</remarks>
    public bool Enter(int pid) => _folders.All((folder) => TryWrite(Path.Combine(folder, "cgroup.procs"), Text(pid)));

    /// <summary>The number of processes that the kernel killed because the group was out of memory.</summary>
    public long OutOfMemoryKills
    {
        get
        {
            string file = Path.Combine(Folder("memory"), _tree.Kind == ControlGroupKind.V2 ? "memory.events" : "memory.oom_control");
            return Counted(file, "oom_kill ");
        }
    }

    /// <summary>Removes the group. Its processes must have been reaped: while the kernel still counts one, the removal is retried.</summary>
    public void Dispose()
    {
        if (!TryRemove()) _ = RemoveLaterAsync();
    }

    private async Task RemoveLaterAsync()
    {
        int failures = 0;
        do await Task.Delay(Math.Min(10 << failures, 10_000)).ConfigureAwait(false);
        while (!TryRemove() && ++failures < MaxRemovals);
    }

    private bool TryRemove()
    {
        bool isGone = true;
        foreach (string folder in _folders) isGone &= TryRemove(folder);
        return isGone;
    }

    /// <summary>
    /// Removes the groups of killed hosts: their process is gone, or their id now belongs to this process. Hosts of other pid namespaces are left alone.
    /// </summary>
    public static void RemoveStale(ControlGroupTree tree)
    {
        foreach (string folder in tree.Folders.Values.Distinct())
        {
            try
            {
                foreach (string group in Directory.EnumerateDirectories(folder, Prefix + "*").Where(IsStale)) _ = TryRemove(group);
            }
            catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
            {
                // This process may create groups here, but not list them.
            }
        }
    }

    private static bool IsStale(string group)
    {
        // enclave.PID.NUMBER.NAMESPACE. Other names do not belong to Enclave.
        string[] name = Path.GetFileName(group).Split('.');
        if (name.Length != 4 || name[3] != s_pids || !int.TryParse(name[1], NumberStyles.None, CultureInfo.InvariantCulture, out int owner)) return false;
        if (!int.TryParse(name[2], NumberStyles.None, CultureInfo.InvariantCulture, out int number)) return false;
        // A number is taken before the group with that number is created.
        return owner == Environment.ProcessId ? number > Volatile.Read(ref s_next) : !ProcFile.Exists(owner);
    }

    /// <summary>Writes a value to a file of the kernel.</summary>
    public static bool TryWrite(string file, string value)
    {
        try
        {
            // Opens the existing file: the kernel's files are neither created nor truncated.
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0);
            stream.Write(System.Text.Encoding.ASCII.GetBytes(value));
            return true;
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Sets its limits. Returns false if the kernel refuses one.</summary>
    public bool Limit(ControlGroupLimits limits)
    {
        bool second = _tree.Kind == ControlGroupKind.V2;
        string memory = Text(limits.MemoryBytes + HeldBytes);
        bool ok = TryWrite(Path.Combine(Folder("memory"), second ? "memory.max" : "memory.limit_in_bytes"), memory) &&
            TryWrite(Path.Combine(Folder("pids"), "pids.max"), Text(limits.Processes));
        // Swap would only delay the end. Kernels without swap accounting do not have these files.
        _ = second
            ? TryWrite(Path.Combine(Folder("memory"), "memory.swap.max"), "0")
            : TryWrite(Path.Combine(Folder("memory"), "memory.memsw.limit_in_bytes"), memory);
        return ok && Weigh(limits.CpuPercent);
    }

    /// <summary>Sets its share of CPU under contention. Returns false if the kernel refuses.</summary>
    /// <param name="cpuPercent">Percent of an ordinary process's share.</param>
    public bool Weigh(int cpuPercent)
    {
        if (!_tree.Folders.ContainsKey("cpu")) return true;
        return _tree.Kind == ControlGroupKind.V2
            ? TryWrite(Path.Combine(Folder("cpu"), "cpu.weight"), Text(Math.Max(1, Weight * cpuPercent / 100)))
            : TryWrite(Path.Combine(Folder("cpu"), "cpu.shares"), Text(Math.Max(2, Shares * cpuPercent / 100)));
    }

    /// <summary>The memory of its processes without page cache, which the kernel can reclaim.</summary>
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

    /// <summary>False if it still has a process.</summary>
    private static bool TryRemove(string folder)
    {
        try
        {
            // rmdir only: the files in it belong to the kernel.
            Directory.Delete(folder, recursive: false);
            return true;
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            return refusal is DirectoryNotFoundException;
        }
    }

    /// <summary>Reads the number behind a name in a file with one name per line; 0 if the name is missing.</summary>
    private static long Counted(string file, string name) =>
        Number((ProcFile.Text(file) ?? "").Split('\n').FirstOrDefault((line) => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..]);

    private static long Number(string? text) => long.TryParse(text, CultureInfo.InvariantCulture, out long number) ? number : 0;

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
