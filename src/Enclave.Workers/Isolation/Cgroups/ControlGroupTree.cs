using Enclave.Linux;

namespace Enclave.Isolation.Cgroups;

/// <summary>The control groups in which this process may create groups: below its own group, or beside it if its own is a leaf made for it.</summary>
internal sealed class ControlGroupTree
{
    private const int Write = 2, Execute = 1;

    private static readonly string[] s_controllers = ["memory", "pids", "cpu"];

    private ControlGroupTree(ControlGroupKind kind, IReadOnlyDictionary<string, string> folders, string detail, string? remedy) =>
        (Kind, Folders, Detail, Remedy) = (kind, folders, detail, remedy);

    internal ControlGroupKind Kind { get; }

    /// <summary>The folder for each usable controller. In version 2 all three are the same.</summary>
    public IReadOnlyDictionary<string, string> Folders { get; }

    /// <summary>A description of the available groups.</summary>
    public string Detail { get; }

    /// <summary>The remedy for missing controllers; null if none is missing.</summary>
    public string? Remedy { get; }

    /// <summary>Tries to make, limit and remove a group here. Returns the reason why that fails; null if it works.</summary>
    public string? FaultOfGroup()
    {
        using ControlGroup? group = ControlGroup.TryMake(this, out string fault);
        if (group is null) return $"a group cannot be created: {fault}";
        return group.Limit(new ControlGroupLimits(64 << 20, 16, 50)) ? null : "limits of a group cannot be set";
    }

    /// <summary>True if the memory and the number of processes of workers can be limited here.</summary>
    public bool IsUsable => Folders.ContainsKey("memory") && Folders.ContainsKey("pids");

    /// <summary>Reads the groups that this process is in.</summary>
    public static ControlGroupTree OfThisProcess() => Read(ProcFile.Text("/proc/self/mountinfo") ?? "", ProcFile.Text("/proc/self/cgroup") ?? "", "");

    /// <param name="mounts">The content of /proc/self/mountinfo.</param>
    /// <param name="membership">The content of /proc/self/cgroup.</param>
    /// <param name="root">A prefix for every folder, for a test's tree.</param>
    public static ControlGroupTree Read(string mounts, string membership, string root)
    {
        var first = new Dictionary<string, string>(StringComparer.Ordinal);
        string? second = null;
        foreach (ControlGroupMount mount in ControlGroupMount.Parse(mounts))
        {
            if (mount.IsVersion2) second = OwnFolder(mount, membership, "0", "", root);
            else foreach (string controller in s_controllers.Intersect(mount.Controllers))
                first[controller] = OwnFolder(mount, membership, null, controller, root);
        }

        ControlGroupKind kind = (first.Count > 0, second is not null) switch
        {
            (true, true) => ControlGroupKind.Hybrid,
            (true, false) => ControlGroupKind.V1,
            (false, true) => ControlGroupKind.V2,
            _ => ControlGroupKind.None,
        };
        return kind switch
        {
            ControlGroupKind.None => new ControlGroupTree(kind, first, "none mounted", "mount cgroup2 at /sys/fs/cgroup"),
            ControlGroupKind.V2 => OfVersion2(second!),
            _ => OfVersion1(kind, first),
        };
    }

    private static ControlGroupTree OfVersion1(ControlGroupKind kind, Dictionary<string, string> folders)
    {
        var writable = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string controller, string folder) in folders)
        {
            if (IsWritable(folder)) writable.Add(controller, folder);
        }

        string name = kind == ControlGroupKind.V1 ? "v1" : "v1 beside an empty v2";
        if (writable.ContainsKey("memory") && writable.ContainsKey("pids"))
            return new ControlGroupTree(kind, writable, $"{name}, writable: {string.Join(", ", writable.Keys)}", null);
        return new ControlGroupTree(kind, writable, $"{name}, not writable", "run the host as root, or delegate its memory and pids groups to its user");
    }

    /// <summary>
    /// In version 2 a group with processes cannot pass controllers to groups below it. So a host that systemd put in a leaf uses the group above.
    /// </summary>
    private static ControlGroupTree OfVersion2(string own)
    {
        string? above = Path.GetDirectoryName(own);
        foreach (string folder in above is null ? [own] : (string[])[own, above])
        {
            if (!IsWritable(folder)) continue;
            string[] wanted = [.. s_controllers.Intersect(Words(Path.Combine(folder, "cgroup.controllers")))];
            if (!wanted.Contains("memory") || !wanted.Contains("pids")) continue;
            string control = Path.Combine(folder, "cgroup.subtree_control");
            string[] missing = [.. wanted.Except(Words(control))];
            if (missing.Length > 0 && !ControlGroup.TryWrite(control, string.Join(' ', missing.Select((controller) => "+" + controller)))) continue;
            return new ControlGroupTree(ControlGroupKind.V2, wanted.ToDictionary((controller) => controller, (_) => folder, StringComparer.Ordinal),
                $"v2, {string.Join(", ", wanted)} in {folder}", null);
        }

        const string Remedy = "give the host's service a group of its own to divide (systemd 254 or newer: Delegate=memory pids cpu and DelegateSubgroup=host)";
        return new ControlGroupTree(ControlGroupKind.V2, new Dictionary<string, string>(), $"v2, and {own} cannot be divided", Remedy);
    }

    /// <summary>The folder of our own group below the mount point of its hierarchy.</summary>
    private static string OwnFolder(ControlGroupMount mount, string membership, string? hierarchy, string controller, string root)
    {
        foreach (string line in membership.Split('\n'))
        {
            string[] parts = line.Split(':', 3);
            if (parts.Length != 3 || (hierarchy is not null ? parts[0] != hierarchy : !parts[1].Split(',').Contains(controller))) continue;
            string path = parts[2] == mount.Root || !parts[2].StartsWith(mount.Root.TrimEnd('/') + "/", StringComparison.Ordinal)
                ? ""
                : parts[2][mount.Root.TrimEnd('/').Length..];
            return root + mount.Folder + path.TrimEnd('/');
        }

        return root + mount.Folder;
    }

    private static string[] Words(string file) => (ProcFile.Text(file) ?? "").Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);

    private static bool IsWritable(string folder) => OperatingSystem.IsLinux() && Libc.access(folder, Write | Execute) == 0;
}
