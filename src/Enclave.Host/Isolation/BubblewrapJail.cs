using Enclave.Processes;

namespace Enclave.Isolation;

/// <summary>The command line of bubblewrap: a root of read-only binds, namespaces, no capability that the worker does not need to become its own user.</summary>
internal static class BubblewrapJail
{
    public const string Program = "bwrap";

    /// <summary>Where bubblewrap writes the pid of the process inside, as the machine sees it.</summary>
    public const int InfoDescriptor = 3;

    /// <summary>A worker does not learn the host's name. Some containers allow namespaces and refuse this: <see cref="Try"/> has to find out.</summary>
    private static readonly string[] s_name = ["--hostname", "worker"];

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Makes an empty jail and ends it. Why that does not work, or null.</summary>
    public static string? Try(string bubblewrap, bool root)
    {
        string[] command = [bubblewrap, .. Namespaces(root), .. s_name, "--ro-bind", WorkerFiles.SystemLoader, "/ld.so", "--", "/ld.so", "--version"];
        return ProbeProcess.Run(new ProcessCommand(bubblewrap, command, "/"), s_patience);
    }

    /// <summary>The same command for every worker of a pool.</summary>
    /// <param name="inner">What runs inside, in the jail's paths.</param>
    /// <param name="user">Whether the worker becomes another user by itself.</param>
    public static ProcessCommand Around(string bubblewrap, IReadOnlyList<string> inner, IReadOnlyList<JailBind> binds, bool root, UserChange user)
    {
        List<string> arguments =
        [
            bubblewrap, .. Namespaces(root), .. s_name, "--die-with-parent", "--new-session", "--clearenv", "--info-fd", $"{InfoDescriptor}", "--cap-drop", "ALL",
        ];
        if (user == UserChange.AtTheLock) arguments.AddRange(["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--cap-add", "CAP_SETPCAP"]);
        else arguments.Add("--as-pid-1");
        // What a bind creates on its way is closed to all but root; the worker's user has to pass.
        foreach (string folder in binds.Select((bind) => Path.GetDirectoryName(bind.Target)!).Distinct()) arguments.AddRange(["--perms", "0755", "--dir", folder]);
        foreach (JailBind bind in binds) arguments.AddRange(["--ro-bind", bind.Source, bind.Target]);
        arguments.AddRange(["--remount-ro", "/", "--chdir", WorkerFiles.Engine, "--", .. inner]);
        return new ProcessCommand(bubblewrap, arguments, "/") { InfoDescriptor = InfoDescriptor, IdInJail = IdInJail(user), NeedsProc = true };
    }

    /// <summary>
    /// The worker's id in its pid namespace. Bubblewrap has no right to signal one that became another user, and its death would not reach it: it stays in
    /// the jail as process 1, of the host's user, and the kernel ends all processes of a namespace with its first. Else the worker is the first, and one
    /// process less is made.
    /// </summary>
    public static int IdInJail(UserChange user) => user == UserChange.AtTheLock ? 2 : 1;

    /// <summary>Root makes them directly. Anybody else gets a user namespace first, in which it is itself and holds nothing.</summary>
    private static string[] Namespaces(bool root) =>
        root ? ["--unshare-net", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"] : ["--unshare-all"];
}
