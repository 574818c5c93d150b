using System.Globalization;
using Enclave.Linux;

namespace Enclave.Isolation;

/// <summary>The kernel's view of a locked worker. Parts that may not be read are null: unknown must never count as good.</summary>
internal sealed class WorkerInspection
{
    private const int MaxRootEntries = 1000;

    private static readonly string[] s_namespaces = ["net", "pid", "mnt", "ipc", "uts"];

    private readonly int _pid;
    private readonly string _root;

    public WorkerInspection(int pid)
        : this(pid, $"/proc/{pid}/root")
    {
    }

    /// <param name="pid">The process.</param>
    /// <param name="root">The path of its root.</param>
    public WorkerInspection(int pid, string root)
    {
        (_pid, _root) = (pid, root);
        Threads = ReadThreads();
        Limits = ReadLimits();
    }

    /// <summary>Each thread's <c>status</c>; empty if the process is gone.</summary>
    public IReadOnlyList<Dictionary<string, string>> Threads { get; }

    /// <summary>Hard limits by name, from /proc/PID/limits; null if it may not be read.</summary>
    public IReadOnlyDictionary<string, string>? Limits { get; }

    /// <summary>True if every thread has this value.</summary>
    public bool All(string name, string value) => Threads.Count > 0 && Threads.All((thread) => thread.GetValueOrDefault(name) == value);

    public bool All(string name, Func<string, bool> holds) =>
        Threads.Count > 0 && Threads.All((thread) => thread.TryGetValue(name, out string? value) && holds(value));

    /// <summary>The number of system call filters that each thread has at least; 0 if the kernel does not say.</summary>
    public int Filters => Threads.Count == 0 ? 0 : Threads.Min((thread) =>
        int.TryParse(thread.GetValueOrDefault("Seccomp_filters"), NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : 0);

    /// <summary>True if each thread has a filter of its own beside those that it inherited.</summary>
    public bool HasMoreFilters(int inherited) => Filters > inherited;

    /// <summary>True if no set that could restore capabilities contains one.</summary>
    public bool HasNoCapabilities => All("CapInh", IsZero) && All("CapPrm", IsZero) && All("CapEff", IsZero) && All("CapAmb", IsZero);

    /// <summary>The namespaces that it shares with the host; null if they may not be read.</summary>
    public IReadOnlyList<string>? SharedNamespaces()
    {
        var shared = new List<string>();
        foreach (string name in s_namespaces)
        {
            if (ProcFile.Link($"/proc/{_pid}/ns/{name}") is not { } link) return null;
            if (link == ProcFile.Link($"/proc/self/ns/{name}")) shared.Add(name);
        }

        return shared;
    }

    /// <summary>The targets of its descriptors by number; null if they may not be read.</summary>
    public IReadOnlyDictionary<int, string>? Descriptors()
    {
        string folder = $"/proc/{_pid}/fd";
        try
        {
            return Directory.EnumerateFileSystemEntries(folder)
                .ToDictionary((entry) => int.Parse(Path.GetFileName(entry), CultureInfo.InvariantCulture), (entry) => ProcFile.Link(entry) ?? "");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>True if its environment is empty; null if it may not be read.</summary>
    public bool? HasEmptyEnvironment() => ProcFile.Text($"/proc/{_pid}/environ")?.All((character) => character == '\0');

    /// <summary>Every file below its root, with the folders; null if it may not be read.</summary>
    public IReadOnlySet<string>? Root()
    {
        try
        {
            var files = new HashSet<string>(StringComparer.Ordinal);
            foreach (string path in Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories))
            {
                files.Add(path[_root.Length..]);
                if (files.Count > MaxRootEntries) break;
            }

            return files;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The number of mappings that are writable and executable; null if they may not be read.</summary>
    public int? WritableCode() => ProcFile.Text($"/proc/{_pid}/maps") is { } maps ? maps.AsSpan().Count(" rwx") : null;

    /// <summary>True if it is in the control group of this name; null if that may not be read.</summary>
    public bool? IsInGroup(string name) => IsInGroup(_pid, name);

    /// <inheritdoc cref="IsInGroup(string)"/>
    public static bool? IsInGroup(int pid, string name) =>
        ProcFile.Text($"/proc/{pid}/cgroup")?.Split('\n').Any((line) => line.EndsWith("/" + name, StringComparison.Ordinal));

    private IReadOnlyList<Dictionary<string, string>> ReadThreads()
    {
        try
        {
            return [.. Directory.EnumerateDirectories($"/proc/{_pid}/task").Select((task) => ProcFile.Status(task + "/status"))];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private Dictionary<string, string>? ReadLimits()
    {
        if (ProcFile.Text($"/proc/{_pid}/limits") is not { } text) return null;
        // "Max data size             unlimited            unlimited            bytes": the name is 26 wide, soft and hard limit 21 each.
        return text.Split('\n')
            .Skip(1).Where((line) => line.Length > 68).ToDictionary((line) => line[..26].Trim(), (line) => line[47..68].Trim(), StringComparer.Ordinal);
    }

    private static bool IsZero(string hex) => hex.All((digit) => digit == '0') && hex.Length > 0;
}
