using System.Globalization;

namespace Enclave.Linux;

/// <summary>The user and group ids of this process's user namespace (user_namespaces(7)). Root of a namespace with one id cannot become another user.</summary>
/// <param name="Users">The content of /proc/self/uid_map: lines of first id here, first id outside, count.</param>
/// <param name="Groups">The content of /proc/self/gid_map.</param>
/// <param name="SetGroups">The content of /proc/self/setgroups: "deny" if groups cannot be given up.</param>
internal sealed record IdMap(string? Users, string? Groups, string? SetGroups)
{
    public static IdMap OfThisProcess() => new(ProcFile.Text("/proc/self/uid_map"), ProcFile.Text("/proc/self/gid_map"), ProcFile.Text("/proc/self/setgroups"));

    /// <summary>
    /// True if a process may become each of these users, take the group of the same number, and leave its groups. A kernel without user namespaces has no files
    /// with id maps, and every id exists.
    /// </summary>
    public bool Covers(int first, int count) => Maps(Users, first, count) && Maps(Groups, first, count) && SetGroups?.Trim() != "deny";

    /// <summary>True if a map has all of these ids.</summary>
    public static bool Maps(string? map, long first, long count) => map is null || map.Split('\n').Any((line) =>
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 3 && long.TryParse(words[0], CultureInfo.InvariantCulture, out long start)
            && long.TryParse(words[2], CultureInfo.InvariantCulture, out long length)
            && start <= first && first + count <= start + length;
    });
}
