using System.Globalization;

namespace Enclave.Linux;

/// <summary>Which user and group ids exist in this process's user namespace (user_namespaces(7)). Root of a namespace that maps one id can become nobody else.</summary>
/// <param name="Users">As /proc/self/uid_map: lines of first id here, first id outside, count.</param>
/// <param name="Groups">As /proc/self/gid_map.</param>
/// <param name="SetGroups">As /proc/self/setgroups: "deny" where groups cannot be given up.</param>
internal sealed record IdMap(string? Users, string? Groups, string? SetGroups)
{
    public static IdMap OfThisProcess() => new(ProcFile.Text("/proc/self/uid_map"), ProcFile.Text("/proc/self/gid_map"), ProcFile.Text("/proc/self/setgroups"));

    /// <summary>True if a process may become each of these users, the group of the same number, and leave its groups. A kernel without user namespaces has no such files, and every id.</summary>
    public bool Covers(int first, int count) => Maps(Users, first, count) && Maps(Groups, first, count) && SetGroups?.Trim() != "deny";

    /// <summary>True if a map has all of these ids.</summary>
    public static bool Maps(string? map, long first, long count) => map is null || map.Split('\n').Any((line) =>
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 3 && long.TryParse(words[0], CultureInfo.InvariantCulture, out long start) && long.TryParse(words[2], CultureInfo.InvariantCulture, out long length)
            && start <= first && first + count <= start + length;
    });
}
