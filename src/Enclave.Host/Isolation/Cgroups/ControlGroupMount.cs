namespace Enclave.Isolation.Cgroups;

/// <summary>A mounted hierarchy of control groups, or a part of one.</summary>
/// <param name="Root">Which group of the hierarchy is mounted there.</param>
/// <param name="Folder">Where.</param>
/// <param name="IsVersion2">Whether it is the one hierarchy of version 2.</param>
/// <param name="Controllers">Of version 1: what it controls.</param>
internal sealed record ControlGroupMount(string Root, string Folder, bool IsVersion2, IReadOnlyList<string> Controllers)
{
    /// <summary>The lines of <c>/proc/self/mountinfo</c> (proc_pid_mountinfo(5)) that are control groups.</summary>
    public static IEnumerable<ControlGroupMount> Parse(string mountInfo)
    {
        foreach (string line in mountInfo.Split('\n'))
        {
            // Optional fields lie between the sixth and a lone hyphen; type, device and options follow it.
            string[] halves = line.Split(" - ", 2);
            string[] mount = halves[0].Split(' ');
            if (halves.Length != 2 || mount.Length < 6) continue;
            string[] kind = halves[1].Split(' ');
            if (kind[0] is "cgroup" or "cgroup2") yield return new ControlGroupMount(mount[3], mount[4], kind[0] == "cgroup2", kind[^1].Split(','));
        }
    }
}
