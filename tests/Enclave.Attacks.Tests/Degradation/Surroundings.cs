using System.Diagnostics;
using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>Surroundings of a host: rights and machines, made by taking rights away from root.</summary>
/// <param name="Command">The command in front of the host's own command line.</param>
/// <param name="Path">The path on which the host looks for bubblewrap.</param>
internal sealed record Surroundings(string[] Command, string Path = "/usr/bin:/bin")
{
    /// <summary>An ordinary user, with an id that no worker of another host has.</summary>
    public const int User = 63_000;

    private const string SetPriv = "/usr/bin/setpriv", Unshare = "/usr/bin/unshare", Shell = "/bin/sh";

    /// <summary>Needs the right to change its own user namespace's settings, and then gives up every right.</summary>
    private const string Forbid = "echo 0 > /proc/sys/user/max_user_namespaces || exit 99; exec \"$@\"";

    /// <summary>A /proc of its own that hides other processes, as ProtectProc=invisible of systemd makes it.</summary>
    private const string Hide = "/usr/bin/mount -t proc -o hidepid=invisible proc /proc || exit 99; exec \"$@\"";

    /// <summary>The rights that Docker leaves to a container's root.</summary>
    private const string Docker =
        "-all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap,+net_bind_service,+net_raw,+sys_chroot,+mknod,+audit_write,+setfcap";

    private static readonly string[] s_pidNamespace = [Unshare, "--pid", "--fork", "--kill-child", "--mount-proc"];

    private static readonly string[] s_hidden = [Unshare, "--mount", Shell, "-c", Hide, "-"];

    private static readonly string[] s_user = [SetPriv, "--reuid", $"{User}", "--regid", $"{User}", "--clear-groups", "--"];

    private static readonly Dictionary<string, Surroundings> s_all = new()
    {
        ["root"] = new([]),
        ["root without bubblewrap"] = new([], "/nowhere"),
        ["ordinary user"] = new(s_user),
        ["ordinary user without bubblewrap"] = new(s_user, "/nowhere"),
        ["ordinary user without user namespaces"] = new(
            [.. s_user, Unshare, "--user", "--map-current-user", "--keep-caps", Shell, "-c", Forbid, "-", SetPriv, "--inh-caps=-all",
                "--ambient-caps=-all", "--"]),
        ["ordinary user behind hidepid"] = new([.. s_hidden, .. s_user]),
        ["ordinary user behind hidepid without bubblewrap"] = new([.. s_hidden, .. s_user], "/nowhere"),
        ["root behind hidepid without CAP_SYS_PTRACE"] = new([.. s_hidden, SetPriv, "--bounding-set=-sys_ptrace", "--inh-caps=-all", "--"]),
        ["root of a namespace with one id"] = new([.. s_user, Unshare, "--user", "--map-root-user", Shell, "-c", Forbid, "-"]),
        ["container"] = new([.. s_pidNamespace, SetPriv, $"--bounding-set={Docker}", "--inh-caps=-all", "--"]),
        ["container without capabilities"] = new([.. s_pidNamespace, SetPriv, "--bounding-set=-all", "--inh-caps=-all", "--"]),
    };

    public static IEnumerable<string> Names => s_all.Keys;

    /// <summary>The surroundings of this name. Skips the test if they cannot be made.</summary>
    public static Surroundings Of(string name)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can take these rights away: run the tests as root");
        Surroundings surroundings = s_all[name];
        string host = Repository.Built("Enclave.TestHost");
        foreach (string program in (string[])[SetPriv, Unshare])
            Assert.SkipUnless(File.Exists(program), $"{program} is not here: apt-get install -y util-linux");
        // Before, a mount of /proc with other options changed every /proc of its pid namespace.
        if (surroundings.Command.Contains(Hide))
            Assert.SkipUnless(Environment.OSVersion.Version >= new Version(5, 8), "hidepid for one mount of /proc needs Linux 5.8");
        Assert.SkipUnless(surroundings.Allows("/usr/bin/test", "-r", host),
            $"{name}: cannot be made here, or cannot read {host}: put the checkout where every user may read it");
        return surroundings;
    }

    /// <summary>A host in these surroundings, without a writable home folder.</summary>
    public LookingHost Start(SecurityLevel level, params IEnumerable<IsolationLayer> accepted)
    {
        string[] command =
            [.. Command, Repository.DotNet, "exec", Repository.Built("Enclave.TestHost"), "look", $"{level}", .. accepted.Select((layer) => $"{layer}")];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment.Remove("HOME");
        start.Environment["PATH"] = Path;
        return new LookingHost(Process.Start(start)!);
    }

    private bool Allows(params string[] program)
    {
        string[] command = [.. Command, .. program];
        using Process process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
