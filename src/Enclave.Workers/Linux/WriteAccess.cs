using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text;

namespace Enclave.Linux;

/// <summary>
/// Finds out if another user may write a file or replace it: every folder and every link on the path counts. A hash is not enough: a page that
/// another user made dirty through a shared mapping before it was hashed can change afterwards, in every process that runs the file, without a new change
/// time.
/// </summary>
/// <remarks>
/// Trusted users are root, the host's user, and owners of the host's own program, who could change the host itself. An instance remembers its results.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed unsafe class WriteAccess(HashSet<int> trusted)
{
    private const int MaxLinks = 40, MaxPath = 4096;

    private static readonly Lazy<HashSet<int>> s_trusted = new(FindTrusted);

    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    public WriteAccess()
        : this(s_trusted.Value)
    {
    }

    /// <summary>True if this user could change the host itself.</summary>
    public static bool Trusts(int user) => s_trusted.Value.Contains(user);

    /// <summary>Names an untrusted user who may write, with the remedy; null if there is none. A missing file cannot be written.</summary>
    /// <param name="path">An absolute path.</param>
    public (string What, string Remedy)? Fault(string path) => Walk(path, (at, entry) => _seen.Add(at) ? Judge(at, entry) : null);

    private static (string What, string Remedy)? Walk(string path, Func<string, FileIdentity, (string What, string Remedy)?> judge)
    {
        var left = new Stack<string>();
        Push(left, path);
        string at = "/";
        if (FileIdentity.OfEntry(at) is { } root && judge(at, root) is { } rootFault) return rootFault;
        int links = 0;
        while (left.TryPop(out string? name))
        {
            if (name == "..")
            {
                at = Path.GetDirectoryName(at) ?? "/";
                continue;
            }

            string next = at.Length == 1 ? at + name : $"{at}/{name}";
            if (FileIdentity.OfEntry(next) is not { } entry) return null;
            if (judge(next, entry) is { } fault) return fault;
            if (!entry.IsLink)
            {
                at = next;
                continue;
            }

            if (++links > MaxLinks || Target(next) is not { } target) return ($"{path} leads through a link that ends nowhere", $"remove the link {next}");
            if (target.StartsWith('/')) at = "/";
            Push(left, target);
        }

        return null;
    }

    private static void Push(Stack<string> left, string path)
    {
        string[] names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (int i = names.Length - 1; i >= 0; i--) if (names[i] != ".") left.Push(names[i]);
    }

    private (string What, string Remedy)? Judge(string at, FileIdentity entry)
    {
        if (!trusted.Contains(entry.Owner)) return (string.Create(CultureInfo.InvariantCulture, $"{at} belongs to user {entry.Owner}, who may change it"),
            "give it to root or to the host's user (chown), or put the files where only they may write");
        // A link has no permissions of its own. An entry of a sticky folder belongs to its owner, who was checked.
        if (entry.IsLink || entry.IsStickyFolder) return null;
        bool byGroup = entry.IsGroupWritable && !PrivateGroup.IsOfTrusted(at, entry.Group, trusted);
        if (!entry.IsWorldWritable && !byGroup) return null;
        return ($"{at} may be written by other users (mode {entry.Permissions})",
            $"run chmod go-w {at}, or put the files where only root or the host's user may write");
    }

    /// <summary>Root, this user, and users who could replace the host's own program or its .NET.</summary>
    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "Assemblies inside the program have no path; the program's own path is among these.")]
    private static HashSet<int> FindTrusted()
    {
        HashSet<int> trusted = [0, (int)Libc.geteuid()];
        // In a user namespace all outside users have the same id, including root, so they cannot be distinguished.
        if (UnmappedUser() is { } unmapped) trusted.Add(unmapped);
        string?[] programs = [typeof(WriteAccess).Assembly.Location, typeof(object).Assembly.Location, Environment.ProcessPath];
        foreach (string? program in programs)
        {
            if (program is not { Length: > 0 }) continue;
            Walk(program, (_, entry) =>
            {
                trusted.Add(entry.Owner);
                return null;
            });
        }

        return trusted;
    }

    /// <summary>The id that stands for users outside of this user namespace; null if every id exists.</summary>
    private static int? UnmappedUser()
    {
        if (!int.TryParse(ProcFile.Text("/proc/sys/kernel/overflowuid"), CultureInfo.InvariantCulture, out int id)) return null;
        return IdMap.Maps(IdMap.OfThisProcess().Users, id, 1) ? null : id;
    }

    private static string? Target(string link)
    {
        byte* text = stackalloc byte[MaxPath];
        nint length = Libc.readlink(link, text, MaxPath);
        return length is > 0 and < MaxPath ? Encoding.UTF8.GetString(text, (int)length) : null;
    }
}
