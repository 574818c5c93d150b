using System.Globalization;
using System.Runtime.Versioning;
using Enclave.Linux;
using Enclave.Processes;

namespace Enclave.Isolation;

/// <summary>The kernel's view of a locked worker. Parts that may not be read are null: unknown must never count as good.</summary>
internal sealed class WorkerInspection
{
    private const int MaxRootEntries = 1000;

    private static readonly string[] s_namespaces = ["net", "pid", "mnt", "ipc", "uts"];

    private readonly int _pid;
    private readonly string _root;
    private readonly ChildProcess? _process;

    /// <summary>Inspects a process of this host, also through the files of its /proc that are open already.</summary>
    [SupportedOSPlatform("linux")]
    public WorkerInspection(ChildProcess process)
        : this(process.Pid, $"/proc/{process.Pid}/root", process)
    {
    }

    public WorkerInspection(int pid)
        : this(pid, $"/proc/{pid}/root")
    {
    }

    /// <param name="pid">The process.</param>
    /// <param name="root">The path of its root.</param>
    /// <param name="process">Has files of its /proc that are open already; null for none.</param>
    public WorkerInspection(int pid, string root, ChildProcess? process = null)
    {
        (_pid, _root, _process) = (pid, root, process);
        Threads = ReadThreads();
        Limits = ReadLimits();
        IsHidden = Threads.Count == 0 && ProcFile.Exists(pid);
    }

    /// <summary>Each thread's <c>status</c>; empty if the process is gone or hidden.</summary>
    public IReadOnlyList<Dictionary<string, string>> Threads { get; init; }

    /// <summary>True if the process exists, and this host may not look at it.</summary>
    public bool IsHidden { get; init; }

    /// <summary>
    /// True if the host had no free descriptor, or no memory, for a part of this view. The part is then null, which is no fact about the process.
    /// </summary>
    public bool IsShort { get; private set; }

    /// <summary>Hard limits by name, from /proc/PID/limits; null if it may not be read.</summary>
    public IReadOnlyDictionary<string, string>? Limits { get; init; }

    /// <summary>True if every thread has this value.</summary>
    public bool All(string name, string value) => Threads.Count > 0 && Threads.All((thread) => thread.GetValueOrDefault(name) == value);

    public bool All(string name, Func<string, bool> holds) =>
        Threads.Count > 0 && Threads.All((thread) => thread.TryGetValue(name, out string? value) && holds(value));

    /// <summary>The number of system call filters that each thread has at least; 0 if the kernel does not say.</summary>
    public int Filters => Threads.Count == 0 ? 0 : Threads.Min((thread) =>
        int.TryParse(thread.GetValueOrDefault("Seccomp_filters"), NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : 0);

    /// <summary>True if each thread has a filter of its own beside those that it inherited.</summary>
    public bool HasMoreFilters(int inherited) => Filters > inherited;

    /// <summary>True if all sets that could restore capabilities are empty.</summary>
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
            var open = new Dictionary<int, string>();
            foreach (string entry in Directory.EnumerateFileSystemEntries(folder))
            {
                // Root without CAP_SYS_PTRACE may list the descriptors, but not read their targets.
                if (ProcFile.Link(entry) is not { } target) return null;
                open.Add(int.Parse(Path.GetFileName(entry), CultureInfo.InvariantCulture), target);
            }

            return open;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            IsShort |= ProcFile.IsShort(fault);
            return null;
        }
    }

    /// <summary>True if its environment is empty; null if it may not be read.</summary>
    public bool? HasEmptyEnvironment() => Text($"/proc/{_pid}/environ")?.All((character) => character == '\0');

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
            IsShort |= ProcFile.IsShort(fault);
            return null;
        }
    }

    /// <summary>The number of mappings that are writable and executable; null if they may not be read.</summary>
    public int? WritableCode() => Text($"/proc/{_pid}/maps") is { } maps ? maps.AsSpan().Count(" rwx") : null;

    /// <summary>True if it is in the control group of this name; null if that may not be read.</summary>
    public bool? IsInGroup(string name) => IsInGroup(Read("cgroup"), name);

    /// <param name="groups">The text of its <c>cgroup</c>; null if that may not be read.</param>
    /// <param name="name">The name of the group.</param>
    public static bool? IsInGroup(string? groups, string name) =>
        groups?.Split('\n').Any((line) => line.EndsWith("/" + name, StringComparison.Ordinal));

    private IReadOnlyList<Dictionary<string, string>> ReadThreads()
    {
        try
        {
            return [.. Directory.EnumerateDirectories($"/proc/{_pid}/task").Select((task) => ProcFile.Lines(Text(task + "/status")))];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            IsShort |= ProcFile.IsShort(fault);
            // The threads are hidden. The status of the first thread may be open already, and has the number of threads.
            Dictionary<string, string> first = ProcFile.Lines(Read("status"));
            return first.GetValueOrDefault("Threads") == "1" ? [first] : [];
        }
    }

    private Dictionary<string, string>? ReadLimits()
    {
        if (Read("limits") is not { } text) return null;
        // "Max data size             unlimited            unlimited            bytes": the name is 26 wide, soft and hard limit 21 each.
        return text.Split('\n')
            .Skip(1).Where((line) => line.Length > 68).ToDictionary((line) => line[..26].Trim(), (line) => line[47..68].Trim(), StringComparer.Ordinal);
    }

    /// <summary>A file of its /proc by name.</summary>
    private string? Read(string name) => _process is { } process && OperatingSystem.IsLinux() ? process.ReadProc(name, Text) : Text($"/proc/{_pid}/{name}");

    private string? Text(string path)
    {
        string? text = ProcFile.Text(path, out bool isShort);
        IsShort |= isShort;
        return text;
    }

    private static bool IsZero(string hex) => hex.All((digit) => digit == '0') && hex.Length > 0;
}
