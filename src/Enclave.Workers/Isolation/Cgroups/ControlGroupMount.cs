namespace Enclave.Isolation.Cgroups;

/// <summary>A mounted hierarchy of control groups, or a part of one.</summary>
/// <param name="Root">The group of the hierarchy that is mounted there.</param>
/// <param name="Folder">The mount point.</param>
/// <param name="IsVersion2">True for the hierarchy of version 2.</param>
/// <param name="Controllers">For version 1, its controllers.</param>
internal sealed record ControlGroupMount(string Root, string Folder, bool IsVersion2, IReadOnlyList<string> Controllers)
{
    /// <summary>Reads the control groups among the lines of <c>/proc/self/mountinfo</c> (proc_pid_mountinfo(5)).</summary>
    public static IEnumerable<ControlGroupMount> Parse(string mountInfo)
    {
        foreach (string line in mountInfo.Split('\n'))
        {
            // Optional fields stand between the sixth field and a lone hyphen. Type, device and options follow the hyphen.
            string[] halves = line.Split(" - ", 2);
            string[] mount = halves[0].Split(' ');
            if (halves.Length != 2 || mount.Length < 6) continue;
            string[] kind = halves[1].Split(' ');
            if (kind[0] is "cgroup" or "cgroup2") yield return new ControlGroupMount(mount[3], mount[4], kind[0] == "cgroup2", kind[^1].Split(','));
        }
    }
}
