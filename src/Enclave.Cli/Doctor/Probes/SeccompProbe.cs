namespace Enclave.Cli.Doctor.Probes;

/// <summary>Checks whether the kernel filters system calls, and the actions of filters.</summary>
internal sealed class SeccompProbe : IProbe
{
    private const string Name = "seccomp";
    private const string ActionsFile = "/proc/sys/kernel/seccomp/actions_avail";
    private const string Remedy = "use a kernel with CONFIG_SECCOMP_FILTER";

    public Task<Finding> ProbeAsync(CancellationToken cancellationToken) => Task.FromResult(Probe());

    private static Finding Probe()
    {
        string? mode = File.ReadLines("/proc/self/status")
            .FirstOrDefault((line) => line.StartsWith("Seccomp:", StringComparison.Ordinal))?.Split(':')[1].Trim();
        if (mode is null) return Finding.Missing(Name, "not in this kernel", Remedy);
        string own = mode == "2" ? "; this process is already filtered, as in a container" : "";
        if (!File.Exists(ActionsFile)) return new Finding { Name = Name, Value = $"available, actions unknown{own}" };
        string actions = File.ReadAllText(ActionsFile).Trim();
        return actions.Contains("kill_process", StringComparison.Ordinal)
            ? new Finding { Name = Name, Value = $"available ({actions}){own}" }
            : Finding.Missing(Name, $"without kill_process ({actions}){own}", "use a kernel of 4.14 or newer");
    }
}
