using System.Runtime.Versioning;
using Enclave.Processes;

namespace Enclave.Isolation;

/// <summary>
/// The command line of bubblewrap: a root of read-only binds, namespaces, and only the capabilities with which the worker becomes its own user.
/// </summary>
internal static class BubblewrapJail
{
    public const string Program = "bwrap";

    /// <summary>The descriptor on which bubblewrap reports the pid of the inner process, as the machine sees it.</summary>
    public const int InfoDescriptor = 3;

    /// <summary>Hides the host's name from workers. Some containers allow namespaces and refuse this, so <see cref="Try"/> has to find out.</summary>
    private static readonly string[] s_name = ["--hostname", "worker"];

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Makes an empty jail and ends it. Returns why that fails, or null.</summary>
    [SupportedOSPlatform("linux")]
    public static string? Try(string bubblewrap, bool root)
    {
        string[] command = [bubblewrap, .. Namespaces(root), .. s_name, "--ro-bind", WorkerFiles.SystemLoader, "/ld.so", "--", "/ld.so", "--version"];
        return ProbeProcess.Run(new ProcessCommand(bubblewrap, command, "/"), s_patience);
    }

    /// <summary>Builds the command, which is the same for every worker of a pool.</summary>
    /// <param name="inner">The inner program, with the jail's paths.</param>
    /// <param name="user">Says if the worker changes its user by itself.</param>
    [SupportedOSPlatform("linux")]
    public static ProcessCommand Around(string bubblewrap, IReadOnlyList<string> inner, IReadOnlyList<JailBind> binds, bool root, UserChange user)
    {
        List<string> arguments =
        [
            bubblewrap, .. Namespaces(root), .. s_name, "--die-with-parent", "--new-session", "--clearenv", "--info-fd", $"{InfoDescriptor}",
            "--cap-drop", "ALL",
        ];
        if (user == UserChange.AtTheLock) arguments.AddRange(["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--cap-add", "CAP_SETPCAP"]);
        else arguments.Add("--as-pid-1");
        // Folders that a bind creates are closed to all users but root. The worker's user has to pass them.
        foreach (string folder in binds.Select((bind) => Path.GetDirectoryName(bind.Target)!).Distinct())
            arguments.AddRange(["--perms", "0755", "--dir", folder]);
        foreach (JailBind bind in binds) arguments.AddRange(["--ro-bind", bind.Source, bind.Target]);
        arguments.AddRange(["--remount-ro", "/", "--chdir", WorkerFiles.Engine, "--", .. inner]);
        return new ProcessCommand(bubblewrap, arguments, "/") { InfoDescriptor = InfoDescriptor, IdInJail = IdInJail(user), NeedsProc = true };
    }

    /// <summary>
    /// The worker's id in its pid namespace. Bubblewrap may not signal a worker that became another user, so its death would not end that worker. Then
    /// bubblewrap stays in the jail as process 1, under the host's user, and the kernel ends all processes of a namespace with its first. Otherwise the worker
    /// itself is the first process, and there is one process less.
    /// </summary>
    public static int IdInJail(UserChange user) => user == UserChange.AtTheLock ? 2 : 1;

    /// <summary>
    /// Root makes namespaces directly. Other users get a user namespace first, in which they have no rights. They are its user 0 there: the files in /proc of
    /// a process that is not dumpable belong to this user, so the host may read its workers' memory and descriptors, and compare them.
    /// </summary>
    private static string[] Namespaces(bool root) =>
        root
            ? ["--unshare-net", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
            : ["--unshare-all", "--uid", "0", "--gid", "0"];
}
