using System.Runtime.Versioning;
using Enclave.Isolation;

namespace Enclave.Cli.Doctor.Probes;

/// <summary>Checks whether a process without privileges can create namespaces, by creating them: containers may refuse what the settings allow.</summary>
[SupportedOSPlatform("linux")]
internal sealed class UserNamespacesProbe : IProbe
{
    private const string Name = "user namespaces";

    public async Task<Finding> ProbeAsync(CancellationToken cancellationToken)
    {
        string most = Setting("user/max_user_namespaces");
        if (most == "0") return Finding.Missing(Name, "switched off", "sysctl -w user.max_user_namespaces=15000");
        // A container may allow user namespaces to bubblewrap only.
        if (Machine.This is { HasRootUser: false, Bubblewrap: not null, BubblewrapFault: null })
            return new Finding { Name = Name, Value = $"work for bubblewrap, at most {most}" };
        return await ProbeCommand.RunAsync(
            "unshare", ["--user", "--map-root-user", "--mount", "--net", "--pid", "--fork", "true"], cancellationToken).ConfigureAwait(false) switch
        {
            (0, _) => new Finding { Name = Name, Value = $"work, at most {most}" },
            (_, var reason) => Finding.Missing(Name, $"refused ({reason})", Remedy()),
            null => Finding.Missing(Name, "unknown: unshare does not run", "apt-get install -y util-linux"),
        };
    }

    private static string Remedy()
    {
        if (Setting("kernel/unprivileged_userns_clone") == "0") return "sysctl -w kernel.unprivileged_userns_clone=1";
        if (Setting("kernel/apparmor_restrict_unprivileged_userns") == "1") return "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0";
        return "in a container: use the seccomp profile of docs/containers.md and, with AppArmor, a profile that allows mounts; or accept Landlock instead";
    }

    private static string Setting(string name)
    {
        try
        {
            return File.ReadAllText($"/proc/sys/{name}").Trim();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return "unknown";
        }
    }
}
