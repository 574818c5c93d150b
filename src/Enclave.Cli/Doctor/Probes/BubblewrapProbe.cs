namespace Enclave.Cli.Doctor.Probes;

/// <summary>Bubblewrap, which gives a worker its own root.</summary>
internal sealed class BubblewrapProbe : IProbe
{
    private const string Name = "bubblewrap";

    public async Task<Finding> LookAsync(CancellationToken cancellationToken)
    {
        if (ProbeCommand.Find("bwrap") is not { } path) return Finding.Missing(Name, "not installed", "apt-get install -y bubblewrap");
        return await ProbeCommand.RunAsync(path, ["--version"], cancellationToken).ConfigureAwait(false) is (0, var version)
            ? new Finding { Name = Name, Value = $"{version} ({path})" }
            : Finding.Missing(Name, $"{path} does not run", "apt-get install -y --reinstall bubblewrap");
    }
}
