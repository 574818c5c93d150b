using System.Globalization;
using System.Runtime.Versioning;

namespace Enclave.Linux;

/// <summary>
/// Groups that contain only trusted users: with umask 002 a user's group may write everything that the user creates. /etc decides. A group that is not
/// listed there, such as one of a directory service, may contain any user.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class PrivateGroup
{
    private const string AccessList = "system.posix_acl_access";

    /// <param name="path">The file or folder that the group may write. With an access list, the group's bit is not the group's permission (acl(5)).</param>
    /// <param name="group">The group's id.</param>
    /// <param name="trusted">The users that may be in it.</param>
    public static unsafe bool IsOfTrusted(string path, int group, HashSet<int> trusted)
    {
        if (Libc.lgetxattr(path, AccessList, null, 0) > 0) return false;
        // A list that cannot be read now may name any user.
        if (Read("/etc/passwd") is not { } users || Read("/etc/group") is not { } groups) return false;
        // The fields of passwd(5) and group(5) begin with name, password, id. The fourth is a user's group, or a group's members.
        string[]? entry = groups.FirstOrDefault((fields) => Is(fields, 2, group));
        // Root's own group needs no entry: small images have none.
        if (entry is null) return group == 0 && users.All((user) => !Is(user, 3, 0) || IsTrusted(user, trusted));
        string[] members = entry.Length > 3 ? entry[3].Split(',', StringSplitOptions.RemoveEmptyEntries) : [];
        return users.All((user) => (!Is(user, 3, group) && !members.Contains(user[0].Trim())) || IsTrusted(user, trusted))
            && members.All((member) => users.Any((user) => user[0] == member.Trim()));
    }

    private static bool IsTrusted(string[] user, HashSet<int> trusted) =>
        user.Length > 2 && int.TryParse(user[2], CultureInfo.InvariantCulture, out int id) && trusted.Contains(id);

    private static bool Is(string[] fields, int at, int id) =>
        fields.Length > at && int.TryParse(fields[at], CultureInfo.InvariantCulture, out int value) && value == id;

    /// <summary>The lines of a file, none if it is missing; null if it is there and cannot be read.</summary>
    private static string[][]? Read(string file) => ProcFile.Text(file) is not { } text ? (File.Exists(file) ? null : [])
        : [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((line) => line.Split(':'))];
}
